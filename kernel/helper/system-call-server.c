/*
 * A server that makes system calls for somebody else, and owns the processes that make them.
 *
 * It reads requests from descriptor 0 and writes one reply for each, in order, to descriptor 1. It knows nothing of bpf(2) or
 * netlink: every structure is laid out by the caller (kernel/channel/frames.ts is the other end), so that it needs no kernel
 * headers beyond libc's, and does not change when a kernel learns something new.
 *
 * Process 0 is the server itself. It forks processes 1, 2, ...: real ones, with a descriptor table of their own, so that
 * SIGKILL on one is a real crash. They start with descriptors 0 to 2 only (0 and 1 are their line to the server), so that the
 * first descriptor a call returns is 3.
 *
 * All numbers are little-endian, as on every machine this is built for. A frame is its length (u32, itself not counted), then:
 *
 *   request  u8 what, u8 0, u16 process, and for RUN and KEEP: u16 how many calls, the calls
 *   call     u16 number, u8 arguments, u8 blocks, the arguments, the blocks
 *   argument u8 kind, i64 value             a VALUE, the ADDRESS of block `value`, or the RESULT of the call `value` before it
 *   block    u32 size, u32 given, u8 returned, u8 patches, the given bytes (the rest are zero), the patches
 *   patch    u8 kind, u32 offset, u32 value as for an argument; an address has 8 bytes, a result 4
 *
 *   reply    u8 status, and with DONE
 *     RUN    u16 how many calls were made, then for each: i64 returned, i32 errno, and every block that is to be returned:
 *            u32 how many bytes, the bytes; zero bytes at the end are not sent
 *     FORK   i32 process id
 *     KILL, END  i32 status as from waitpid(2)
 *
 * The calls of one request are made one after the other up to the first that fails.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum what { RUN, FORK, KILL, END, KEEP };
enum status { DONE, NO_SUCH_PROCESS, DIED, STUCK, MALFORMED, SLOT_TAKEN, CANNOT_FORK };
enum kind { VALUE, ADDRESS, RESULT };

#define MOST_PROCESSES 256
#define MOST_CALLS 64
#define MOST_BLOCKS 32
/* A process that has not answered after this long is killed. */
#define PATIENCE_MS 30000
/* The server's own descriptors start here: far above those that calls return. */
#define HIGH_FD 900

struct bytes {
	unsigned char *at;
	size_t length, room;
};

struct reader {
	const unsigned char *at, *end;
	int bad;
};

static struct { pid_t pid; int to, from; } processes[MOST_PROCESSES];
static int keeper = -1;
static pid_t keeper_pid;

/* ---- bytes in and out ------------------------------------------------------------------------------------------------ */

static void grow(struct bytes *b, size_t more)
{
	if (b->length + more <= b->room)
		return;
	b->room = 2 * (b->length + more);
	b->at = realloc(b->at, b->room);
	if (!b->at)
		_exit(71);
}

static void put(struct bytes *b, const void *from, size_t n)
{
	grow(b, n);
	memcpy(b->at + b->length, from, n);
	b->length += n;
}

static void put_u8(struct bytes *b, uint8_t v) { put(b, &v, 1); }
static void put_u16(struct bytes *b, uint16_t v) { put(b, &v, 2); }
static void put_u32(struct bytes *b, uint32_t v) { put(b, &v, 4); }
static void put_i64(struct bytes *b, int64_t v) { put(b, &v, 8); }

static const unsigned char *take(struct reader *r, size_t n)
{
	const unsigned char *at = r->at;

	if (r->bad || (size_t)(r->end - r->at) < n) {
		r->bad = 1;
		return NULL;
	}
	r->at += n;
	return at;
}

#define TAKE(type, name)                                          \
	static type name(struct reader *r)                        \
	{                                                         \
		const unsigned char *at = take(r, sizeof(type));  \
		type v = 0;                                       \
                                                                  \
		if (at)                                           \
			memcpy(&v, at, sizeof(v));                \
		return v;                                         \
	}
TAKE(uint8_t, take_u8)
TAKE(uint16_t, take_u16)
TAKE(uint32_t, take_u32)
TAKE(int64_t, take_i64)

static int write_all(int fd, const void *from, size_t n)
{
	const char *at = from;

	while (n) {
		ssize_t w = write(fd, at, n);

		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0)
			return -1;
		at += w;
		n -= w;
	}
	return 0;
}

/* -1 at the end of input */
static int read_more(int fd, struct bytes *b)
{
	ssize_t n;

	grow(b, 65536);
	do
		n = read(fd, b->at + b->length, b->room - b->length);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return -1;
	b->length += n;
	return 0;
}

/* How long the first frame is with its length field, or 0 while it is not all there. */
static size_t frame_length(const unsigned char *at, size_t have)
{
	uint32_t n;

	if (have < 4)
		return 0;
	memcpy(&n, at, 4);
	return have - 4 >= n ? (size_t)n + 4 : 0;
}

static size_t begin_frame(struct bytes *out, enum status status)
{
	size_t start = out->length;

	put_u32(out, 0);
	put_u8(out, status);
	return start;
}

static void end_frame(struct bytes *out, size_t start)
{
	uint32_t n = out->length - start - 4;

	memcpy(out->at + start, &n, 4);
}

static void answer(struct bytes *out, enum status status)
{
	end_frame(out, begin_frame(out, status));
}

static void answer_number(struct bytes *out, int32_t number)
{
	size_t start = begin_frame(out, DONE);

	put_u32(out, number);
	end_frame(out, start);
}

/* ---- making calls ---------------------------------------------------------------------------------------------------- */

struct block { unsigned char *at; uint32_t size; int returned, patches; const unsigned char *patch; };

static long patched(enum kind kind, int64_t value, const struct block *blocks, int nblocks, const long *results, int made, int *bad)
{
	if (kind == VALUE)
		return value;
	if (kind == ADDRESS && value >= 0 && value < nblocks)
		return (long)blocks[value].at;
	if (kind == RESULT && value >= 0 && value < made)
		return results[value];
	*bad = 1;
	return 0;
}

static void take_block(struct reader *r, struct block *b)
{
	uint32_t given;
	const unsigned char *from;

	b->size = take_u32(r);
	given = take_u32(r);
	b->returned = take_u8(r);
	b->patches = take_u8(r);
	from = take(r, given);
	b->patch = take(r, 9 * (size_t)b->patches);
	if (given > b->size || b->size > 1u << 24)
		r->bad = 1;
	b->at = r->bad ? NULL : calloc(1, b->size + 8);
	if (b->at)
		memcpy(b->at, from, given);
}

static void patch_block(struct block *b, const struct block *blocks, int nblocks, const long *results, int made, int *bad)
{
	int i;

	for (i = 0; i < b->patches; i++) {
		uint32_t offset, value;
		size_t width = b->patch[9 * i] == ADDRESS ? 8 : 4;
		long v;

		memcpy(&offset, b->patch + 9 * i + 1, 4);
		memcpy(&value, b->patch + 9 * i + 5, 4);
		v = patched(b->patch[9 * i], value, blocks, nblocks, results, made, bad);
		if (offset > b->size || b->size - offset < width)
			*bad = 1;
		else
			memcpy(b->at + offset, &v, width);
	}
}

static void put_returned(struct bytes *out, const struct block *b)
{
	size_t n = b->size;
	uint64_t last;

	/* A block has 8 bytes more than its size, all zero. Most of a large one is, too. */
	for (n = (n + 7) & ~(size_t)7; n; n -= 8) {
		memcpy(&last, b->at + n - 8, 8);
		if (last)
			break;
	}
	while (n && !b->at[n - 1])
		n--;
	put_u32(out, n);
	put(out, b->at, n);
}

/* Makes one call; gives 0 if it succeeded, its errno if not, -1 if the request is no good. */
static int call(struct reader *r, long *results, int made, struct bytes *out)
{
	static const int argument_size = 9;
	struct block blocks[MOST_BLOCKS] = { { 0 } };
	long v[6] = { 0 };
	int number = take_u16(r), nargs = take_u8(r), nblocks = take_u8(r), i, err = 0;
	struct reader arguments = { r->at, r->end, r->bad };

	if (nargs > 6 || nblocks > MOST_BLOCKS || !take(r, argument_size * (size_t)nargs)) {
		r->bad = 1;
		return -1;
	}
	for (i = 0; i < nblocks; i++)
		take_block(r, &blocks[i]);
	for (i = 0; i < nblocks && !r->bad; i++)
		patch_block(&blocks[i], blocks, nblocks, results, made, &r->bad);
	for (i = 0; i < nargs && !r->bad; i++) {
		enum kind kind = take_u8(&arguments);

		v[i] = patched(kind, take_i64(&arguments), blocks, nblocks, results, made, &r->bad);
	}
	if (!r->bad) {
		errno = 0;
		results[made] = syscall(number, v[0], v[1], v[2], v[3], v[4], v[5]);
		err = results[made] == -1 ? errno : 0;
		put_i64(out, results[made]);
		put_u32(out, err);
		for (i = 0; i < nblocks; i++)
			if (blocks[i].returned)
				put_returned(out, &blocks[i]);
	}
	for (i = 0; i < nblocks; i++)
		free(blocks[i].at);
	return r->bad ? -1 : err;
}

static void run(struct reader *r, struct bytes *out)
{
	size_t start = begin_frame(out, DONE), count_at = out->length;
	long results[MOST_CALLS];
	uint16_t count = take_u16(r), made = 0;

	if (count > MOST_CALLS)
		r->bad = 1;
	put_u16(out, 0);
	while (made < count && !r->bad)
		if (call(r, results, made++, out))
			break;
	memcpy(out->at + count_at, &made, 2);
	end_frame(out, start);
	if (r->bad) {
		out->length = start;
		answer(out, MALFORMED);
	}
}

/* ---- processes ------------------------------------------------------------------------------------------------------- */

static void serve(int is_server);

static int away(int fd)
{
	int high = fcntl(fd, F_DUPFD_CLOEXEC, HIGH_FD);

	close(fd);
	return high;
}

static void close_from(unsigned first)
{
	unsigned fd;

#ifdef SYS_close_range
	if (!syscall(SYS_close_range, first, ~0u, 0))
		return;
#endif
	for (fd = first; fd < 4096; fd++)
		close(fd);
}

static void be_process(int in, int out)
{
	char ready = 0;

	/* Nothing that a call of the model blocks in may outlive the run. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(in, 0);
	dup2(out, 1);
	close_from(3);
	memset(processes, 0, sizeof(processes));
	keeper = -1;
	write_all(1, &ready, 1);
	serve(0);
	_exit(0);
}

static void start_process(unsigned k, struct bytes *out)
{
	int to[2], from[2];
	char ready;
	pid_t pid;

	if (processes[k].pid) {
		answer(out, SLOT_TAKEN);
		return;
	}
	if (pipe2(to, O_CLOEXEC) || pipe2(from, O_CLOEXEC) || (pid = fork()) < 0) {
		answer(out, CANNOT_FORK);
		return;
	}
	if (!pid)
		be_process(to[0], from[1]);
	close(to[0]);
	close(from[1]);
	processes[k].to = away(to[1]);
	processes[k].from = away(from[0]);
	processes[k].pid = pid;
	/* Once it is ready it has closed its copies of the server's descriptors. */
	if (read(processes[k].from, &ready, 1) != 1)
		answer(out, DIED);
	else
		answer_number(out, pid);
}

static int32_t end_process(unsigned k, int signal_number)
{
	int status = 0;

	if (signal_number)
		kill(processes[k].pid, signal_number);
	close(processes[k].to);
	/* Returns when the process has closed its files: do_exit() in kernel/exit.c tells the parent after that. */
	while (waitpid(processes[k].pid, &status, 0) < 0 && errno == EINTR)
		;
	close(processes[k].from);
	memset(&processes[k], 0, sizeof(processes[k]));
	return status;
}

static void forward(unsigned k, const unsigned char *frame, size_t length, struct bytes *out)
{
	struct bytes reply = { 0 };
	struct pollfd from = { .fd = processes[k].from, .events = POLLIN };
	size_t n = 0;
	int alive = !write_all(processes[k].to, frame, length);

	while (alive && !(n = frame_length(reply.at, reply.length))) {
		int ready = poll(&from, 1, PATIENCE_MS);

		if (ready < 0 && errno == EINTR)
			continue;
		if (!ready) {
			end_process(k, SIGKILL);
			answer(out, STUCK);
			free(reply.at);
			return;
		}
		alive = !read_more(processes[k].from, &reply);
	}
	if (alive) {
		put(out, reply.at, n);
	} else {
		end_process(k, SIGKILL);
		answer(out, DIED);
	}
	free(reply.at);
}

/* ---- what is to be done at the end, whatever ends the run --------------------------------------------------------------- */

/*
 * Makes the calls of one request; waits for what is just dying: rmdir(2) of a control group gives EBUSY while it has a process,
 * flock(2) without waiting gives EAGAIN while the server's files are being closed, or another run has the lock.
 */
static void make_good(const unsigned char *frame, size_t length)
{
	int tries;

	for (tries = 0; tries < 2000; tries++) {
		struct reader r = { frame + 8, frame + length, 0 };
		struct bytes ignored = { 0 };
		long results[MOST_CALLS];
		uint16_t count = take_u16(&r), made = 0;
		int err = 0;

		while (made < count && !err)
			err = call(&r, results, made++, &ignored);
		free(ignored.at);
		if (err != EBUSY && (err != EAGAIN || tries > 50))
			return;
		usleep(1000);
	}
}

/*
 * A process of its own session that is told in advance what to put back, and does it, last told first, once the server is
 * gone: also after SIGKILL, of the server or of the program that drives it.
 */
static void be_keeper(int in)
{
	struct bytes told = { 0 };
	size_t starts[1024], count = 0, at = 0, n;

	setsid();
	for (n = SIGHUP; n <= SIGTERM; n++)
		signal(n, SIG_IGN);
	/* Descriptor 1 stays open: whoever reads from it sees its end when all is done. */
	dup2(in, 0);
	close_from(3);
	dup2(open("/dev/null", O_WRONLY), 2);
	while (!read_more(0, &told))
		;
	while (count < 1024 && (n = frame_length(told.at + at, told.length - at))) {
		starts[count++] = at;
		at += n;
	}
	while (count--)
		make_good(told.at + starts[count], frame_length(told.at + starts[count], told.length - starts[count]));
	_exit(0);
}

static void start_keeper(void)
{
	int line[2];

	if (pipe2(line, O_CLOEXEC))
		return;
	switch (keeper_pid = fork()) {
	case 0:
		be_keeper(line[0]);
		break;
	case -1:
		close(line[1]);
		break;
	default:
		keeper = away(line[1]);
	}
	close(line[0]);
}

/* ---- the server ------------------------------------------------------------------------------------------------------ */

static void handle(const unsigned char *frame, size_t length, int is_server, struct bytes *out)
{
	struct reader r = { frame + 4, frame + length, 0 };
	enum what what = take_u8(&r);
	unsigned k;

	take_u8(&r);
	k = take_u16(&r);
	if (r.bad || k >= MOST_PROCESSES)
		answer(out, MALFORMED);
	else if (what == RUN && (!is_server || !k))
		run(&r, out);
	else if (!is_server)
		answer(out, MALFORMED);
	else if (what == FORK && k)
		start_process(k, out);
	else if (what == KEEP)
		answer(out, keeper < 0 || write_all(keeper, frame, length) ? NO_SUCH_PROCESS : DONE);
	else if (!processes[k].pid)
		answer(out, NO_SUCH_PROCESS);
	else if (what == RUN)
		forward(k, frame, length, out);
	else if (what == KILL || what == END)
		answer_number(out, end_process(k, what == KILL ? SIGKILL : 0));
	else
		answer(out, MALFORMED);
}

/* Until the end of input. Replies are sent when no whole request is left, so that requests sent together are answered together. */
static void serve(int is_server)
{
	struct bytes in = { 0 }, out = { 0 };

	while (!read_more(0, &in)) {
		size_t at = 0, n;

		out.length = 0;
		for (; (n = frame_length(in.at + at, in.length - at)); at += n)
			handle(in.at + at, n, is_server, &out);
		memmove(in.at, in.at + at, in.length - at);
		in.length -= at;
		if (out.length && write_all(1, out.at, out.length))
			break;
	}
}

static void lift_limits(void)
{
	struct rlimit files, memory = { RLIM_INFINITY, RLIM_INFINITY };

	if (!getrlimit(RLIMIT_NOFILE, &files)) {
		files.rlim_cur = files.rlim_max < 4096 ? files.rlim_max : 4096;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	/* Before 5.11 maps and programs were charged to the locked memory. */
	setrlimit(RLIMIT_MEMLOCK, &memory);
}

/* ---- as the first process of a virtual machine -------------------------------------------------------------------------- */

static void load_modules(const char *list)
{
	char path[256];
	FILE *f = fopen(list, "r");

	while (f && fscanf(f, "%255s", path) == 1) {
		int fd = open(path, O_RDONLY | O_CLOEXEC);

		if (fd < 0 || syscall(SYS_finit_module, fd, "", 0))
			perror(path);
		if (fd >= 0)
			close(fd);
	}
	if (f)
		fclose(f);
}

static void mount_at(const char *type, const char *where)
{
	mkdir(where, 0755);
	if (mount(type, where, type, 0, NULL))
		perror(where);
}

/* The device named by holdfast.channel= on the kernel's command line takes the place of descriptors 0 and 1. */
static int open_channel(void)
{
	static char line[4096];
	struct termios t;
	char *path;
	int fd, i, in = open("/proc/cmdline", O_RDONLY);

	if (in < 0 || read(in, line, sizeof(line) - 1) <= 0 || !(path = strstr(line, "holdfast.channel=")))
		return -1;
	close(in);
	path = strtok(path + strlen("holdfast.channel="), " \n");
	for (i = 0; (fd = open(path, O_RDWR | O_NOCTTY)) < 0 && i < 500; i++)
		usleep(10000);
	if (fd < 0) {
		perror(path);
		return -1;
	}
	if (!tcgetattr(fd, &t)) {
		cfmakeraw(&t);
		tcsetattr(fd, TCSANOW, &t);
	}
	return fd;
}

static void be_init(void)
{
	int fd;

	signal(SIGPIPE, SIG_IGN);
	mount_at("devtmpfs", "/dev");
	mount_at("proc", "/proc");
	mount_at("sysfs", "/sys");
	mount_at("tmpfs", "/tmp");
	mount_at("tmpfs", "/run");
	mount_at("cgroup2", "/sys/fs/cgroup");
	load_modules("/modules");
	fd = open_channel();
	if (fd >= 0) {
		dup2(fd, 0);
		dup2(fd, 1);
		if (fd > 2)
			close(fd);
		lift_limits();
		start_keeper();
		write_all(1, "holdfast\n", 9);
		serve(1);
	} else {
		fprintf(stderr, "holdfast: no channel to the outside\n");
	}
	reboot(RB_POWER_OFF);
}

/* With a program's name and arguments, it only becomes that program, to end with the process that started it. */
static int become(char **argv)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGINT, SIG_IGN);
	execvp(argv[0], argv);
	perror(argv[0]);
	return 127;
}

int main(int argc, char **argv)
{
	unsigned k;

	if (getpid() == 1)
		be_init();
	if (argc > 1)
		return become(argv + 1);
	signal(SIGPIPE, SIG_IGN);
	/* Ctrl-C reaches the whole foreground group; the end of input is what ends the server. */
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	close_from(3);
	lift_limits();
	start_keeper();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	serve(1);
	for (k = 1; k < MOST_PROCESSES; k++)
		if (processes[k].pid)
			end_process(k, SIGKILL);
	/* The keeper begins; files it waits for are closed. */
	close_from(3);
	waitpid(keeper_pid, NULL, 0);
	return 0;
}
