/** Pieces of C that only some sequences need, in the order in which a program has them. */

export type PieceName =
  | 'done'
  | 'crash'
  | 'restart'
  | 'still_closed'
  | 'load_xdp'
  | 'load_dispatcher'
  | 'load_filter'
  | 'xdp'
  | 'link'
  | 'create_slots'
  | 'fill_slot'
  | 'empty_slot'
  | 'create_qdisc'
  | 'program_error'
  | 'delete_qdisc'
  | 'no_qdisc'
  | 'add_filter'
  | 'replace_filter'
  | 'delete_filter'
  | 'path'
  | 'packet';

/** Declared ahead of the pieces; the harness has them. */
export const FORWARD = String.raw`static void start(char name);
static int load_program(const char *name, __u32 number, int type, int verdict,
			const struct bpf_insn *more, int count);
`;

export const PIECES: Readonly<Record<PieceName, string>> = {
  done: String.raw`static int done(int result)
{
	return result < 0 ? -errno : result;
}
`,
  crash: String.raw`static int crash(char name)
{
	struct process *process = &processes[name - 'A'];

	kill(process->pid, SIGKILL);
	waitpid(process->pid, NULL, 0);
	close(process->socket);
	process->pid = 0;
	process->socket = 0;
	return 0;
}
`,
  restart: String.raw`static int restart(char name)
{
	start(name);
	return 0;
}
`,
  still_closed: String.raw`/* libbpf opens a socket for the call, which must not get the number of a descriptor that is closed. */
static int still_closed(int fd)
{
	return fd > 0 && fcntl(fd, F_GETFD) < 0 ? OWN_FDS - 1 : fd;
}
`,
  load_xdp: String.raw`static int load_xdp(const char *name, __u32 number)
{
	return load_program(name, number, BPF_PROG_TYPE_XDP, XDP_PASS, NULL, 0);
}
`,
  load_dispatcher: String.raw`/* Tries the slots in order; a tail call that is done does not come back. */
static int load_dispatcher(const char *name, __u32 number, int map)
{
	struct bpf_insn tail_calls[5 * SLOTS];
	int slot;

	for (slot = 0; slot < SLOTS; slot++) {
		const struct bpf_insn tail_call[] = {
			{ BPF_ALU64 | BPF_MOV | BPF_X, 1, 6, 0, 0 },
			{ BPF_LD | BPF_DW | BPF_IMM, 2, BPF_PSEUDO_MAP_FD, 0, map },
			{ 0, 0, 0, 0, 0 },
			{ BPF_ALU64 | BPF_MOV | BPF_K, 3, 0, 0, slot },
			{ BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_tail_call },
		};

		memcpy(tail_calls + 5 * slot, tail_call, sizeof(tail_call));
	}
	return load_program(name, number, BPF_PROG_TYPE_XDP, XDP_PASS, tail_calls, 5 * SLOTS);
}
`,
  load_filter: String.raw`static int load_filter(const char *name, __u32 number)
{
	return load_program(name, number, BPF_PROG_TYPE_SCHED_CLS, -1 /* go on with the next filter */, NULL, 0);
}
`,
  xdp: String.raw`/* expected: the program that must be there, -1 for none, 0 to set whatever is there. */
static int set_xdp(const char *device, int program, __u32 flags, int expected)
{
	LIBBPF_OPTS(bpf_xdp_attach_opts, options, .old_prog_fd = still_closed(expected));

	return bpf_xdp_attach(if_nametoindex(device), still_closed(program), flags, &options);
}
`,
  link: String.raw`/* Asking for the index of the device here would take a descriptor, and there may be one left for the link only. */
static int link_xdp(int device, int program)
{
	return bpf_link_create(program, indices[device], BPF_XDP, NULL);
}
`,
  create_slots: String.raw`static int create_slots(void)
{
	return bpf_map_create(BPF_MAP_TYPE_PROG_ARRAY, "slots", sizeof(__u32), sizeof(__u32), SLOTS, NULL);
}
`,
  fill_slot: String.raw`static int fill_slot(int map, __u32 slot, int program)
{
	return bpf_map_update_elem(map, &slot, &program, BPF_ANY);
}
`,
  empty_slot: String.raw`static int empty_slot(int map, __u32 slot)
{
	return bpf_map_delete_elem(map, &slot);
}
`,
  create_qdisc: String.raw`static int create_qdisc(const char *device)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = if_nametoindex(device), .attach_point = BPF_TC_INGRESS);

	return bpf_tc_hook_create(&hook);
}
`,
  delete_qdisc: String.raw`static int delete_qdisc(const char *device)
{
	/* With both directions, libbpf deletes the qdisc and not only the filters of one. */
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = if_nametoindex(device),
		    .attach_point = BPF_TC_INGRESS | BPF_TC_EGRESS);

	return bpf_tc_hook_destroy(&hook);
}
`,
  program_error: String.raw`/* libbpf asks for the name of the program first; that request calls a closed descriptor EBADFD, not EBADF. */
static int program_error(int error)
{
	return error == -EBADFD ? -EBADF : error;
}
`,
  no_qdisc: String.raw`/* Deleting a filter that nobody has comes to ENOENT where there is a qdisc, and to EINVAL where not. */
static int no_qdisc(const struct bpf_tc_hook *hook)
{
	LIBBPF_OPTS(bpf_tc_opts, nobodys, .handle = INT_MAX, .priority = 1);

	return bpf_tc_detach(hook, &nobodys) == -EINVAL;
}
`,
  add_filter: String.raw`/* All filters have one priority; the kernel picks the handle. */
static int add_filter(const char *device, int program)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = if_nametoindex(device), .attach_point = BPF_TC_INGRESS);
	LIBBPF_OPTS(bpf_tc_opts, options, .prog_fd = still_closed(program), .priority = 1);
	int error = bpf_tc_attach(&hook, &options);

	/* The kernel looks for the qdisc first, but libbpf looks at the program before it asks the kernel. */
	if (error == -EBADFD && no_qdisc(&hook))
		return -EINVAL;
	return error ? program_error(error) : (int)options.handle;
}
`,
  replace_filter: String.raw`static int replace_filter(const char *device, int handle, int program)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = if_nametoindex(device), .attach_point = BPF_TC_INGRESS);
	LIBBPF_OPTS(bpf_tc_opts, present, .handle = handle, .priority = 1);
	LIBBPF_OPTS(bpf_tc_opts, options, .handle = handle, .priority = 1,
		    .prog_fd = still_closed(program), .flags = BPF_TC_F_REPLACE);

	if (no_qdisc(&hook))
		return -EINVAL;
	/*
	 * libbpf has no replace that does not add the filter if there is none.
	 * A query says EINVAL where no filter is left at all, a replace ENOENT.
	 */
	if (bpf_tc_query(&hook, &present))
		return -ENOENT;
	return program_error(bpf_tc_attach(&hook, &options));
}
`,
  delete_filter: String.raw`static int delete_filter(const char *device, int handle)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = if_nametoindex(device), .attach_point = BPF_TC_INGRESS);
	LIBBPF_OPTS(bpf_tc_opts, options, .handle = handle, .priority = 1);

	return bpf_tc_detach(&hook, &options);
}
`,
  path: String.raw`static const char *on_bpffs(const char *path)
{
	static char name[PATH_MAX];

	snprintf(name, sizeof(name), "/sys/fs/bpf%s", path);
	return name;
}
`,
  packet: String.raw`/*
 * Sends a frame of a type that nothing else uses, and waits until it has been
 * through all programs: a socket that takes this type gets it behind them.
 */
static int packet(int device)
{
	const struct trace none = { 0 };
	const __u16 type = htons(0x88b5); /* IEEE 802: local experiments */
	char name[IFNAMSIZ];
	char frame[64] = { 0 };
	__u32 key = 0;
	struct sockaddr_ll address = { .sll_family = AF_PACKET, .sll_protocol = type };
	struct pollfd arrival = { .fd = socket(AF_PACKET, SOCK_RAW, 0), .events = POLLIN };
	int error = 0;

	snprintf(name, sizeof(name), "eth%d", device);
	address.sll_ifindex = if_nametoindex(name);
	memset(frame, 0xff, ETH_ALEN); /* to everybody */
	memcpy(frame + 2 * ETH_ALEN, &type, sizeof(type));
	bpf_map_update_elem(TRACE_FD, &key, &none, BPF_ANY);
	if (bind(arrival.fd, (struct sockaddr *)&address, sizeof(address)) ||
	    write(taps[device], frame, sizeof(frame)) != sizeof(frame))
		error = -errno;
	else if (poll(&arrival, 1, 5000) != 1)
		error = -ETIMEDOUT;
	close(arrival.fd);
	return error;
}
`,
};

/** The programs that a packet met, by name. */
export const SIGHT = String.raw`static const char *sight(char *room, size_t size)
{
	struct trace trace = { 0 };
	__u32 key = 0, i;

	bpf_map_lookup_elem(TRACE_FD, &key, &trace);
	if (!trace.runs)
		return "nothing";
	for (i = 0, *room = 0; i < trace.runs; i++) {
		size_t length = strlen(room);

		snprintf(room + length, size - length, "%s%s", i ? " " : "", programs[trace.program[i]]);
	}
	return room;
}
`;
