/**
 * The part of a generated C program that is the same for every sequence: processes that are told what to do next, devices of
 * their own, packets, and the comparison with what the model says. Debian's libbpf 1.1 is enough for it.
 */

export const INCLUDES = String.raw`#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
`;

/** Comes before the calls: what they are made of. */
export const DECLARATIONS = String.raw`/*
 * Descriptors of this program itself have high numbers, so that the calls get
 * the numbers 3, 4, ... as the processes of the model do.
 */
enum { OWN_FDS = 100, TRACE_FD = OWN_FDS, MOST_RUNS = 40, NO_RESULT = -1 };

/* Which programs a packet met, in order: they write it down themselves. */
struct trace {
	__u32 runs;
	__u32 program[MOST_RUNS];
};

enum gives { NOTHING, FD, HANDLE, SIGHT };

struct call {
	char actor;            /* 0 where no process makes the call */
	const char *text;
	const char *expected;  /* what the model says */
	enum gives gives;      /* what it returns if it is done */
	int (*make)(void);     /* a number from 0 on, or -errno */
	int result;            /* where in the results the number is kept */
	char to;               /* who receives the descriptor that is sent */
};

struct process {
	pid_t pid;
	int socket;
};

static struct process processes[26];
static int taps[DEVICES];
static int indices[DEVICES];

static void skip(const char *why, ...)
{
	va_list arguments;

	printf("1..0 # SKIP ");
	va_start(arguments, why);
	vprintf(why, arguments);
	va_end(arguments);
	printf("\n");
	exit(77);
}
`;

/** Comes behind the calls. */
export const HARNESS = String.raw`/* What a process and the one who tells it what to do say to each other. */
static int tell(int socket, int number, int fd)
{
	char room[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec data = { &number, sizeof(number) };
	struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1 };
	struct cmsghdr *control;

	if (fd >= 0) {
		message.msg_control = room;
		message.msg_controllen = sizeof(room);
		control = CMSG_FIRSTHDR(&message);
		control->cmsg_level = SOL_SOCKET;
		control->cmsg_type = SCM_RIGHTS;
		control->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(control), &fd, sizeof(fd));
	}
	return sendmsg(socket, &message, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

/* Returns 0 if the other side is gone. *fd is -1 if none came, -EMFILE if there was no room for it. */
static int hear(int socket, int *number, int *fd)
{
	char room[CMSG_SPACE(sizeof(int))];
	struct iovec data = { number, sizeof(*number) };
	struct msghdr message = {
		.msg_iov = &data, .msg_iovlen = 1,
		.msg_control = room, .msg_controllen = sizeof(room),
	};
	struct cmsghdr *control;

	if (recvmsg(socket, &message, 0) != sizeof(*number))
		return 0;
	control = CMSG_FIRSTHDR(&message);
	*fd = message.msg_flags & MSG_CTRUNC ? -EMFILE : -1;
	if (control)
		memcpy(fd, CMSG_DATA(control), sizeof(*fd));
	return 1;
}

static void limit_fds(rlim_t most)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = most;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/*
 * A process of the model. It can have FDS descriptors, as there; a call that
 * hands out none may need one for a moment, for its netlink socket.
 */
static void live(int socket)
{
	int number, fd, result;

	limit_fds(3 + FDS);
	while (hear(socket, &number, &fd)) {
		const struct call *call = &calls[number];

		if (fd != -1) {
			result = fd;
		} else {
			if (call->gives != FD)
				limit_fds(OWN_FDS);
			result = call->make();
			limit_fds(3 + FDS);
		}
		if (call->to && fd == -1 && result >= 0) {
			int error = tell(socket, 0, result);

			if (!error)
				continue;
			result = error;
		}
		if (call->result != NO_RESULT)
			*(int *)((char *)results + call->result) = result;
		tell(socket, result, -1);
	}
	_exit(0);
}

static void start(char name)
{
	struct process *process = &processes[name - 'A'];
	int pair[2], i;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		skip("socketpair: %s", strerrorname_np(errno));
	process->socket = fcntl(pair[0], F_DUPFD, OWN_FDS + 1);
	close(pair[0]);
	process->pid = fork();
	if (process->pid < 0)
		skip("fork: %s", strerrorname_np(errno));
	if (process->pid > 0) {
		close(pair[1]);
		return;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (i = 0; i < 26; i++)
		if (processes[i].socket)
			close(processes[i].socket);
	for (i = 0; i < DEVICES; i++)
		close(taps[i]);
	i = fcntl(pair[1], F_DUPFD, OWN_FDS + 1);
	close(pair[1]);
	live(i);
}

/* A descriptor is passed on by way of this process, which keeps none. */
static int ask(int number)
{
	const struct call *call = &calls[number];
	struct process *process = &processes[call->actor - 'A'];
	int result, fd;

	if (tell(process->socket, number, -1) || !hear(process->socket, &result, &fd))
		return -ESRCH;
	if (!call->to || fd < 0)
		return result;
	process = &processes[call->to - 'A'];
	result = process->pid ? tell(process->socket, number, fd) : -EPIPE;
	close(fd);
	if (result)
		return result;
	return hear(process->socket, &result, &fd) ? result : -ESRCH;
}

/* Makes the device; what is written to its tap arrives at it as a packet. */
static int make_device(const char *name)
{
	struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	int tap = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
	int own = fcntl(tap, F_DUPFD, OWN_FDS + 1);
	int socket_fd = socket(AF_INET, SOCK_DGRAM, 0);

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	if (tap < 0 || ioctl(tap, TUNSETIFF, &request))
		skip("a tap device: %s", strerrorname_np(errno));
	request.ifr_flags = IFF_UP;
	if (ioctl(socket_fd, SIOCSIFFLAGS, &request))
		skip("%s up: %s", name, strerrorname_np(errno));
	close(socket_fd);
	close(tap);
	return own;
}

/*
 * A program that writes its number down, and lets the packet go on. The trace
 * is in a map, which all programs share.
 */
static int load_program(const char *name, __u32 number, int type, int verdict,
			const struct bpf_insn *more, int count)
{
	const struct bpf_insn note[] = {
		{ BPF_ALU64 | BPF_MOV | BPF_X, 6, 1, 0, 0 },          /* r6 = context */
		{ BPF_LD | BPF_DW | BPF_IMM, 1, BPF_PSEUDO_MAP_VALUE, 0, TRACE_FD },
		{ 0, 0, 0, 0, 0 },                                    /* r1 = &trace */
		{ BPF_LDX | BPF_W | BPF_MEM, 2, 1, 0, 0 },            /* r2 = runs */
		{ BPF_JMP | BPF_JGE | BPF_K, 2, 0, 6, MOST_RUNS },
		{ BPF_ALU64 | BPF_MOV | BPF_X, 3, 2, 0, 0 },
		{ BPF_ALU64 | BPF_LSH | BPF_K, 3, 0, 0, 2 },
		{ BPF_ALU64 | BPF_ADD | BPF_X, 3, 1, 0, 0 },          /* r3 = &trace + 4 * runs */
		{ BPF_ST | BPF_W | BPF_MEM, 3, 0, 4, number },        /* program[runs] = number */
		{ BPF_ALU64 | BPF_ADD | BPF_K, 2, 0, 0, 1 },
		{ BPF_STX | BPF_W | BPF_MEM, 1, 2, 0, 0 },            /* runs = r2 + 1 */
	};
	const struct bpf_insn leave[] = {
		{ BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, verdict },
		{ BPF_JMP | BPF_EXIT, 0, 0, 0, 0 },
	};
	struct bpf_insn code[64];
	int length = 0;

	memcpy(code, note, sizeof(note));
	length += sizeof(note) / sizeof(*note);
	if (count)
		memcpy(code + length, more, count * sizeof(*more));
	length += count;
	memcpy(code + length, leave, sizeof(leave));
	length += sizeof(leave) / sizeof(*leave);
	return bpf_prog_load(type, name, "GPL", code, length, NULL);
}

/*
 * Everything happens in namespaces of its own: network and mounts vanish with
 * the processes, however they end, and nothing of the machine is touched.
 */
static void prepare(void)
{
	char name[IFNAMSIZ];
	int i, trace, program;

	for (i = 3; i < OWN_FDS; i++)
		close(i);
	libbpf_set_print(NULL);
	if (unshare(CLONE_NEWNET | CLONE_NEWNS))
		skip("namespaces of its own: %s", strerrorname_np(errno));
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("bpf", "/sys/fs/bpf", "bpf", 0, NULL))
		skip("a bpffs of its own: %s", strerrorname_np(errno));
	for (i = 0; i < DEVICES; i++) {
		snprintf(name, sizeof(name), "eth%d", i);
		taps[i] = make_device(name);
		indices[i] = if_nametoindex(name);
	}
	trace = bpf_map_create(BPF_MAP_TYPE_ARRAY, "trace", sizeof(__u32), sizeof(struct trace), 1, NULL);
	if (trace < 0 || dup2(trace, TRACE_FD) < 0)
		skip("a map: %s", strerrorname_np(errno));
	close(trace);
	/* libbpf tries out what the kernel can do with the first program: now, while there is room for that. */
	program = load_program("first", 0, BPF_PROG_TYPE_XDP, XDP_PASS, NULL, 0);
	if (program < 0)
		skip("a program: %s", strerrorname_np(-program));
	close(program);
	results = mmap(NULL, sizeof(*results), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (results == MAP_FAILED)
		skip("shared memory: %s", strerrorname_np(errno));
}

static const char *words(const struct call *call, int result, char *room, size_t size)
{
	if (result < 0) {
		const char *name = strerrorname_np(-result);

		snprintf(room, size, "%s", name ? name : result == -524 ? "ENOTSUPP" : "an unknown error");
	} else if (call->gives == FD) {
		snprintf(room, size, "fd%d", result);
	} else if (call->gives == HANDLE) {
		snprintf(room, size, "handle%d", result);
	} else if (call->gives == SIGHT) {
		return sight(room, size);
	} else {
		return "ok";
	}
	return room;
}

int main(void)
{
	const int count = sizeof(calls) / sizeof(*calls);
	char room[1024];
	int i, differences = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	alarm(60); /* however it ends, the processes end with this one */
	prepare();
	for (i = 0; people[i]; i++)
		start(people[i]);
	printf("1..%d\n", count);
	for (i = 0; i < count; i++) {
		const struct call *call = &calls[i];
		const char *came;
		int differs;

		came = words(call, call->actor ? ask(i) : call->make(), room, sizeof(room));
		differs = strcmp(came, call->expected) != 0;
		differences += differs;
		printf("%s %d - %s -> %s # the model says %s\n", differs ? "not ok" : "ok",
		       i + 1, call->text, came, call->expected);
		/* What a call let go of, the kernel may take down a moment later, in a work item. */
		usleep(50000);
	}
	return differences ? 1 : 0;
}
`;
