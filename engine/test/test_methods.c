/* test_methods.c - methods that entities export: asking for them, running them, and keeping others out of them. */
#include "events.h"

#include <string.h>

#define HEADER offsetof(RTM_ENTITY_METHOD_OUTPUT, OutputData)

enum { MOST_METHODS = 32, OUTPUT_ROOM = 512, ANSWER = 0xA0 };

typedef union exports {
	RTM_ENTITY_EXPORT_METHODS methods;
	UCHAR room[sizeof(RTM_ENTITY_EXPORT_METHODS) + MOST_METHODS * sizeof(RTM_ENTITY_EXPORT_METHOD)];
} exports;

static RTM_ENTITY_HANDLE enter_exporting(ULONG protocol, unsigned count, const RTM_ENTITY_EXPORT_METHOD *methods)
{
	RTM_ENTITY_INFO info = entity_info(instance, RTM2_AF_INET, protocol, 1);
	RTM_ENTITY_HANDLE entity = NULL;
	exports given;

	given.methods.NumMethods = count;
	for (unsigned i = 0; i < count; i++)
		(&given.methods.Methods[0])[i] = methods[i];
	REQUIRE_EQ(RtmRegisterEntity(&info, &given.methods, NULL, FALSE, &profile, &entity), NO_ERROR);
	memset(&given, 0, sizeof(given)); /* what was given is no longer needed */
	return entity;
}

/* Input with a few octets of data, and output in which untouched octets can be told. */
typedef union method_input {
	RTM_ENTITY_METHOD_INPUT input;
	UCHAR room[64];
} method_input;

typedef union method_output {
	RTM_ENTITY_METHOD_OUTPUT first;
	UCHAR room[OUTPUT_ROOM];
} method_output;

enum { BLANK = 0x5A };

static void ask(method_input *input, RTM_ENTITY_METHOD_TYPE methods)
{
	memset(input, 0, sizeof(*input));
	input->input.MethodType = methods;
	input->input.InputSize = 3;
	memcpy(input->input.InputData, "abc", 3);
}

static DWORD invoke(RTM_ENTITY_HANDLE caller, RTM_ENTITY_HANDLE callee, RTM_ENTITY_METHOD_TYPE methods, UINT *size,
                    method_output *output)
{
	method_input input;

	memset(output, BLANK, sizeof(*output));
	ask(&input, methods);
	return RtmInvokeMethod(caller, callee, &input.input, size, &output->first);
}

/* What the last method that ran was given. */
static struct {
	unsigned runs;
	RTM_ENTITY_HANDLE caller;
	RTM_ENTITY_HANDLE callee;
	RTM_ENTITY_METHOD_INPUT *input;
	char data[3];
	UINT data_size;
	RTM_ENTITY_METHOD_TYPE type;
	DWORD status;
	UINT room;
} given;

static void note_call(RTM_ENTITY_HANDLE caller, RTM_ENTITY_HANDLE callee, RTM_ENTITY_METHOD_INPUT *input,
                      const RTM_ENTITY_METHOD_OUTPUT *output)
{
	given.runs++;
	given.caller = caller;
	given.callee = callee;
	given.input = input;
	given.data_size = input->InputSize;
	memcpy(given.data, input->InputData, 3);
	given.type = output->MethodType;
	given.status = output->MethodStatus;
	given.room = output->OutputSize;
}

/* Methods that answer with so many octets, each of the method's own. */

static void answer(RTM_ENTITY_METHOD_OUTPUT *output, UINT size, DWORD status, UCHAR octet)
{
	if (output->OutputSize < size)
		size = output->OutputSize;
	memset(&output->OutputData[0], octet, size);
	output->OutputSize = size;
	output->MethodStatus = status;
}

static void WINAPI answer_4(RTM_ENTITY_HANDLE caller, RTM_ENTITY_HANDLE callee, RTM_ENTITY_METHOD_INPUT *input,
                            RTM_ENTITY_METHOD_OUTPUT *output)
{
	note_call(caller, callee, input, output);
	answer(output, 4, 100, ANSWER);
}

static void WINAPI answer_5(RTM_ENTITY_HANDLE caller, RTM_ENTITY_HANDLE callee, RTM_ENTITY_METHOD_INPUT *input,
                            RTM_ENTITY_METHOD_OUTPUT *output)
{
	note_call(caller, callee, input, output);
	answer(output, 5, 101, ANSWER + 1);
}

static void WINAPI answer_nothing(RTM_ENTITY_HANDLE caller, RTM_ENTITY_HANDLE callee, RTM_ENTITY_METHOD_INPUT *input,
                                  RTM_ENTITY_METHOD_OUTPUT *output)
{
	note_call(caller, callee, input, output);
	output->OutputSize = 0;
}

static const RTM_ENTITY_EXPORT_METHOD three[3] = {answer_5, answer_nothing, answer_4};

/* Asking */

TEST(the_number_of_methods_is_told) /* decision 156 */
{
	RTM_ENTITY_HANDLE callee = enter_exporting(8, 3, three), without = enter(9), caller = enter(10);
	UINT count = 0;

	CHECK_EQ(RtmGetEntityMethods(caller, callee, &count, NULL), NO_ERROR);
	CHECK_EQ(count, 3);
	count = 0;
	CHECK_EQ(RtmGetEntityMethods(caller, without, &count, NULL), NO_ERROR);
	CHECK_EQ(count, 0);
	count = 0;
	CHECK_EQ(RtmGetEntityMethods(callee, callee, &count, NULL), NO_ERROR);
	CHECK_EQ(count, 3);
	CHECK_EQ(handles_of(caller), 0); /* decision 75: no reference */
	leave(callee);
	leave(without);
	leave(caller);
}

TEST(the_methods_are_told_in_their_order) /* decisions 154, 156 */
{
	RTM_ENTITY_HANDLE callee = enter_exporting(8, 3, three), caller = enter(9);
	RTM_ENTITY_EXPORT_METHOD methods[5] = {NULL};
	UINT count = 5;

	CHECK_EQ(RtmGetEntityMethods(caller, callee, &count, methods), NO_ERROR);
	CHECK_EQ(count, 3);
	CHECK(methods[0] == answer_5 && methods[1] == answer_nothing && methods[2] == answer_4);
	CHECK(methods[3] == NULL);
	count = 3;
	memset(methods, 0, sizeof(methods));
	CHECK_EQ(RtmGetEntityMethods(caller, callee, &count, methods), NO_ERROR);
	CHECK_EQ(count, 3);
	CHECK(methods[2] == answer_4);
	leave(callee);
	leave(caller);
}

TEST(methods_that_do_not_fit_are_left_out) /* decision 156 */
{
	RTM_ENTITY_HANDLE callee = enter_exporting(8, 3, three), caller = enter(9);
	RTM_ENTITY_EXPORT_METHOD methods[3] = {NULL};
	UINT count = 2;

	CHECK_EQ(RtmGetEntityMethods(caller, callee, &count, methods), ERROR_INSUFFICIENT_BUFFER);
	CHECK_EQ(count, 2);
	CHECK(methods[0] == answer_5 && methods[1] == answer_nothing && methods[2] == NULL);
	leave(callee);
	leave(caller);
}

TEST(asking_for_methods_checks_its_arguments) /* decisions 79, 80, 81 */
{
	RTM_ENTITY_HANDLE callee = enter_exporting(8, 3, three), caller = enter(9);
	RTM_ENTITY_HANDLE abroad = enter_as(second_instance(), RTM2_AF_INET, 8, 1);
	RTM_ENTITY_EXPORT_METHOD methods[3] = {NULL};
	UINT count = 3;

	CHECK_EQ(RtmGetEntityMethods(NULL, callee, &count, methods), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetEntityMethods(caller, NULL, &count, methods), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetEntityMethods(caller, abroad, &count, methods), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetEntityMethods(caller, callee, NULL, methods), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmGetEntityMethods(caller, callee, &count, NULL), ERROR_INVALID_PARAMETER);
	CHECK_EQ(count, 3);
	CHECK(methods[0] == NULL);
	REQUIRE_EQ(RtmReferenceHandles(caller, 1, &callee), NO_ERROR);
	leave(callee);
	CHECK_EQ(RtmGetEntityMethods(caller, callee, &count, methods), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmReleaseEntities(caller, 1, &callee), NO_ERROR);
	leave(caller);
	leave(abroad);
}

/* Running */

TEST(a_method_runs_with_what_the_caller_gave) /* decision 155 */
{
	RTM_ENTITY_HANDLE callee = enter_exporting(8, 3, three), caller = enter(9);
	UINT size = OUTPUT_ROOM;
	method_output output;
	method_input input;

	memset(&given, 0, sizeof(given));
	memset(&output, BLANK, sizeof(output));
	ask(&input, 4); /* the third */
	CHECK_EQ(RtmInvokeMethod(caller, callee, &input.input, &size, &output.first), NO_ERROR);
	CHECK_EQ(given.runs, 1);
	CHECK_SAME(given.caller, caller);
	CHECK_SAME(given.callee, callee);
	CHECK_SAME(given.input, &input.input);
	CHECK_EQ(given.data_size, 3);
	CHECK(memcmp(given.data, "abc", 3) == 0);
	CHECK_EQ(given.type, 4);
	CHECK_EQ(given.status, NO_ERROR);
	CHECK_EQ(given.room, OUTPUT_ROOM - HEADER);
	CHECK_EQ(output.first.MethodType, 4);
	CHECK_EQ(output.first.MethodStatus, 100);
	CHECK_EQ(output.first.OutputSize, 4);
	CHECK_EQ(output.room[HEADER], ANSWER);
	CHECK_EQ(size, HEADER + 4);
	CHECK_EQ(output.room[HEADER + 4], BLANK);
	leave(callee);
	leave(caller);
}

TEST(several_methods_answer_one_behind_the_other) /* decisions 154, 155 */
{
	RTM_ENTITY_HANDLE callee = enter_exporting(8, 3, three), caller = enter(9);
	UINT size = OUTPUT_ROOM;
	method_output output;
	const RTM_ENTITY_METHOD_OUTPUT *second, *third;

	CHECK_EQ(invoke(caller, callee, 7, &size, &output), NO_ERROR);
	/* Five octets, and three to the next multiple of four; none; four. */
	second = (const void *)(output.room + HEADER + 8);
	third = (const void *)(output.room + 2 * HEADER + 8);
	CHECK_EQ(output.first.MethodType, 1);
	CHECK_EQ(output.first.MethodStatus, 101);
	CHECK_EQ(output.first.OutputSize, 5);
	CHECK_EQ(second->MethodType, 2);
	CHECK_EQ(second->MethodStatus, NO_ERROR);
	CHECK_EQ(second->OutputSize, 0);
	CHECK_EQ(third->MethodType, 4);
	CHECK_EQ(third->MethodStatus, 100);
	CHECK_EQ(third->OutputSize, 4);
	CHECK_EQ(given.room, OUTPUT_ROOM - 3 * HEADER - 8); /* what was left for the third */
	CHECK_EQ(size, 3 * HEADER + 8 + 4);
	leave(callee);
	leave(caller);
}

TEST(the_last_answer_is_not_rounded_up) /* decision 155 */
{
	RTM_ENTITY_HANDLE callee = enter_exporting(8, 3, three), caller = enter(9);
	UINT size = OUTPUT_ROOM;
	method_output output;

	CHECK_EQ(invoke(caller, callee, 1, &size, &output), NO_ERROR);
	CHECK_EQ(size, HEADER + 5);
	leave(callee);
	leave(caller);
}

TEST(methods_stop_when_no_header_fits) /* decision 155 */
{
	RTM_ENTITY_HANDLE callee = enter_exporting(8, 3, three), caller = enter(9);
	method_output output;
	UINT size = HEADER + 8 + HEADER - 1;

	memset(&given, 0, sizeof(given));
	CHECK_EQ(invoke(caller, callee, 7, &size, &output), NO_ERROR);
	CHECK_EQ(given.runs, 1);
	CHECK_EQ(size, HEADER + 5);
	CHECK_EQ(output.room[HEADER + 5], BLANK);
	size = HEADER + 8 + HEADER; /* room for the header of the second and nothing more */
	CHECK_EQ(invoke(caller, callee, 7, &size, &output), NO_ERROR);
	CHECK_EQ(given.runs, 3);
	CHECK_EQ(given.room, 0);
	CHECK_EQ(size, HEADER + 8 + HEADER);
	size = HEADER; /* the method sees that it has no room */
	CHECK_EQ(invoke(caller, callee, 1, &size, &output), NO_ERROR);
	CHECK_EQ(output.first.OutputSize, 0);
	CHECK_EQ(size, HEADER);
	CHECK_EQ(output.room[HEADER], BLANK);
	leave(callee);
	leave(caller);
}

TEST(bits_without_a_method_run_nothing) /* decision 158 */
{
	RTM_ENTITY_HANDLE callee = enter_exporting(8, 3, three), without = enter(9), caller = enter(10);
	UINT size = OUTPUT_ROOM;
	method_output output;

	memset(&given, 0, sizeof(given));
	CHECK_EQ(invoke(caller, callee, 8, &size, &output), NO_ERROR);
	CHECK_EQ(size, 0);
	size = OUTPUT_ROOM;
	CHECK_EQ(invoke(caller, callee, 0, &size, &output), NO_ERROR);
	CHECK_EQ(size, 0);
	size = OUTPUT_ROOM;
	CHECK_EQ(invoke(caller, without, METHOD_TYPE_ALL_METHODS, &size, &output), NO_ERROR);
	CHECK_EQ(size, 0);
	CHECK_EQ(given.runs, 0);
	CHECK_EQ(output.room[0], BLANK);
	size = OUTPUT_ROOM;
	CHECK_EQ(invoke(caller, callee, 8 | 4, &size, &output), NO_ERROR);
	CHECK_EQ(given.runs, 1);
	CHECK_EQ(output.first.MethodType, 4);
	leave(callee);
	leave(without);
	leave(caller);
}

TEST(all_32_methods_run_by_their_bits) /* decision 154 */
{
	RTM_ENTITY_EXPORT_METHOD methods[MOST_METHODS];
	RTM_ENTITY_HANDLE callee, caller = enter(9);
	method_output output;
	UINT size;

	for (unsigned i = 0; i < MOST_METHODS; i++)
		methods[i] = answer_nothing;
	callee = enter_exporting(8, MOST_METHODS, methods);
	for (unsigned i = 0; i < MOST_METHODS; i++) {
		size = OUTPUT_ROOM;
		CHECK_EQ(invoke(caller, callee, 1u << i, &size, &output), NO_ERROR);
		CHECK_EQ(output.first.MethodType, 1u << i);
		CHECK_EQ(size, HEADER);
	}
	size = OUTPUT_ROOM;
	memset(&given, 0, sizeof(given));
	CHECK_EQ(invoke(caller, callee, METHOD_TYPE_ALL_METHODS, &size, &output), NO_ERROR);
	CHECK_EQ(given.runs, MOST_METHODS);
	CHECK_EQ(size, MOST_METHODS * HEADER);
	leave(callee);
	leave(caller);
}

TEST(invoking_checks_its_arguments) /* decisions 80, 158 */
{
	RTM_ENTITY_HANDLE callee = enter_exporting(8, 3, three), caller = enter(9);
	RTM_ENTITY_HANDLE abroad = enter_as(instance, RTM2_AF_INET6, 8, 1);
	UINT size = OUTPUT_ROOM;
	method_output output;
	method_input input;

	memset(&given, 0, sizeof(given));
	ask(&input, 7);
	CHECK_EQ(invoke(NULL, callee, 7, &size, &output), ERROR_INVALID_HANDLE);
	CHECK_EQ(invoke(caller, NULL, 7, &size, &output), ERROR_INVALID_HANDLE);
	CHECK_EQ(invoke(caller, abroad, 7, &size, &output), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmInvokeMethod(caller, callee, NULL, &size, &output.first), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmInvokeMethod(caller, callee, &input.input, NULL, &output.first), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmInvokeMethod(caller, callee, &input.input, &size, NULL), ERROR_INVALID_PARAMETER);
	CHECK_EQ(size, OUTPUT_ROOM);
	size = HEADER - 1;
	CHECK_EQ(invoke(caller, callee, 7, &size, &output), ERROR_INSUFFICIENT_BUFFER);
	CHECK_EQ(size, HEADER - 1);
	CHECK_EQ(output.room[0], BLANK);
	CHECK_EQ(given.runs, 0);
	leave(callee);
	leave(caller);
	leave(abroad);
}

TEST(methods_of_an_entity_that_left_do_not_run) /* decision 158 */
{
	RTM_ENTITY_HANDLE callee = enter_exporting(8, 3, three), caller = enter(9);
	UINT size = OUTPUT_ROOM;
	method_output output;

	memset(&given, 0, sizeof(given));
	REQUIRE_EQ(RtmReferenceHandles(caller, 1, &callee), NO_ERROR);
	leave(callee);
	CHECK_EQ(invoke(caller, callee, 7, &size, &output), ERROR_INVALID_HANDLE);
	CHECK_EQ(given.runs, 0);
	CHECK_EQ(RtmReleaseEntities(caller, 1, &callee), NO_ERROR);
	leave(caller);
}

static void WINAPI use_the_table(RTM_ENTITY_HANDLE caller, RTM_ENTITY_HANDLE callee, RTM_ENTITY_METHOD_INPUT *input,
                                 RTM_ENTITY_METHOD_OUTPUT *output)
{
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	RTM_ROUTE_HANDLE route = NULL;
	RTM_ENTITY_INFO info;

	note_call(caller, callee, input, output);
	output->OutputSize = 0;
	output->MethodStatus = try_route(callee, &route, ROUTE(.to = "10.0.0.0/8"), &flags);
	if (output->MethodStatus == NO_ERROR)
		output->MethodStatus = RtmDeleteRouteToDest(callee, route, &flags);
	if (output->MethodStatus == NO_ERROR)
		output->MethodStatus = RtmGetEntityInfo(callee, caller, &info);
}

TEST(a_method_may_use_the_table)
{
	const RTM_ENTITY_EXPORT_METHOD methods[1] = {use_the_table};
	RTM_ENTITY_HANDLE callee = enter_exporting(8, 1, methods), caller = enter(9);
	UINT size = OUTPUT_ROOM;
	method_output output;

	CHECK_EQ(invoke(caller, callee, 1, &size, &output), NO_ERROR);
	CHECK_EQ(output.first.MethodStatus, NO_ERROR);
	leave(callee);
	leave(caller);
}

/* A method that invokes its caller's first method in turn. */
static void WINAPI call_back(RTM_ENTITY_HANDLE caller, RTM_ENTITY_HANDLE callee, RTM_ENTITY_METHOD_INPUT *input,
                             RTM_ENTITY_METHOD_OUTPUT *output)
{
	UINT size = OUTPUT_ROOM;
	method_output inner;

	(void)input;
	output->OutputSize = 0;
	output->MethodStatus = invoke(callee, caller, 1, &size, &inner);
}

TEST(methods_invoke_each_other)
{
	const RTM_ENTITY_EXPORT_METHOD methods[1] = {call_back};
	RTM_ENTITY_HANDLE callee = enter_exporting(8, 1, methods), caller = enter_exporting(9, 3, three);
	UINT size = OUTPUT_ROOM;
	method_output output;

	memset(&given, 0, sizeof(given));
	CHECK_EQ(invoke(caller, callee, 1, &size, &output), NO_ERROR);
	CHECK_EQ(output.first.MethodStatus, NO_ERROR);
	CHECK_EQ(given.runs, 1);
	CHECK_SAME(given.caller, callee);
	CHECK_SAME(given.callee, caller);
	leave(callee);
	leave(caller);
}

/* Blocking */

struct invocation {
	RTM_ENTITY_HANDLE caller;
	RTM_ENTITY_HANDLE callee;
	UINT size;
	method_output output;
};

static DWORD invoke_all(void *context)
{
	struct invocation *i = context;

	i->size = OUTPUT_ROOM;
	return invoke(i->caller, i->callee, METHOD_TYPE_ALL_METHODS, &i->size, &i->output);
}

static DWORD block(RTM_ENTITY_HANDLE entity)
{
	return RtmBlockMethods(entity, NULL, 0, RTM_BLOCK_METHODS);
}

static DWORD resume(RTM_ENTITY_HANDLE entity)
{
	return RtmBlockMethods(entity, NULL, 0, RTM_RESUME_METHODS);
}

TEST(others_wait_while_methods_are_blocked)
{
	RTM_ENTITY_HANDLE callee = enter_exporting(8, 3, three);
	struct invocation invocation = {.caller = enter(9), .callee = callee};
	struct thread thread;

	CHECK_EQ(block(callee), NO_ERROR);
	start_thread(&thread, invoke_all, &invocation);
	give_way_for_long();
	CHECK(!atomic_load(&thread.ended));
	CHECK_EQ(resume(callee), NO_ERROR);
	CHECK_EQ(end_thread(&thread), NO_ERROR);
	CHECK_EQ(invocation.size, 3 * HEADER + 8 + 4);
	leave(callee);
	leave(invocation.caller);
}

TEST(blocking_does_not_nest) /* decision 157 */
{
	RTM_ENTITY_HANDLE callee = enter_exporting(8, 3, three);
	struct invocation invocation = {.caller = enter(9), .callee = callee};
	struct thread thread;

	CHECK_EQ(block(callee), NO_ERROR);
	CHECK_EQ(block(callee), NO_ERROR);
	CHECK_EQ(resume(callee), NO_ERROR);
	start_thread(&thread, invoke_all, &invocation);
	CHECK_EQ(end_thread(&thread), NO_ERROR);
	CHECK_EQ(resume(callee), NO_ERROR); /* without a block */
	leave(callee);
	leave(invocation.caller);
}

TEST(an_entity_is_not_kept_out_of_its_own_methods) /* decision 157 */
{
	RTM_ENTITY_HANDLE callee = enter_exporting(8, 3, three);
	UINT size = OUTPUT_ROOM;
	method_output output;

	CHECK_EQ(block(callee), NO_ERROR);
	CHECK_EQ(invoke(callee, callee, 4, &size, &output), NO_ERROR);
	CHECK_EQ(output.first.MethodStatus, 100);
	CHECK_EQ(resume(callee), NO_ERROR);
	leave(callee);
}

TEST(blocking_keeps_others_out_of_one_entity_only)
{
	RTM_ENTITY_HANDLE blocked = enter_exporting(8, 3, three), open = enter_exporting(9, 3, three);
	UINT size = OUTPUT_ROOM;
	method_output output;

	CHECK_EQ(block(blocked), NO_ERROR);
	CHECK_EQ(invoke(blocked, open, 4, &size, &output), NO_ERROR);
	CHECK_EQ(output.first.MethodStatus, 100);
	CHECK_EQ(resume(blocked), NO_ERROR);
	leave(blocked);
	leave(open);
}

TEST(the_target_of_blocking_is_ignored) /* decision 157 */
{
	RTM_ENTITY_HANDLE callee = enter_exporting(8, 3, three);
	struct invocation invocation = {.caller = enter(9), .callee = callee};
	RTM_ROUTE_HANDLE route = keep_route(callee, ROUTE(.to = "10.0.0.0/8"));
	struct thread thread;

	CHECK_EQ(RtmBlockMethods(callee, route, 2, RTM_BLOCK_METHODS), NO_ERROR);
	start_thread(&thread, invoke_all, &invocation);
	give_way_for_long();
	CHECK(!atomic_load(&thread.ended));
	CHECK_EQ(RtmBlockMethods(callee, callee, 99, RTM_RESUME_METHODS), NO_ERROR);
	CHECK_EQ(end_thread(&thread), NO_ERROR);
	leave(callee);
	leave(invocation.caller);
}

TEST(blocking_checks_its_arguments)
{
	RTM_ENTITY_HANDLE callee = enter_exporting(8, 3, three), without = enter(9);

	CHECK_EQ(RtmBlockMethods(NULL, NULL, 0, RTM_BLOCK_METHODS), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmBlockMethods(&callee, NULL, 0, RTM_RESUME_METHODS), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmBlockMethods(callee, NULL, 0, 2), ERROR_INVALID_PARAMETER);
	CHECK_EQ(block(without), NO_ERROR); /* has none to block */
	CHECK_EQ(resume(without), NO_ERROR);
	leave(callee);
	leave(without);
}

/* A method that stays until the test lets it go. */
static struct {
	atomic_bool inside;
	atomic_bool may_leave;
	atomic_bool left;
} visit;

static void prepare_visit(void)
{
	atomic_store(&visit.inside, false);
	atomic_store(&visit.may_leave, false);
	atomic_store(&visit.left, false);
}

static void WINAPI linger(RTM_ENTITY_HANDLE caller, RTM_ENTITY_HANDLE callee, RTM_ENTITY_METHOD_INPUT *input,
                          RTM_ENTITY_METHOD_OUTPUT *output)
{
	(void)caller;
	(void)callee;
	(void)input;
	output->OutputSize = 0;
	atomic_store(&visit.inside, true);
	while (!atomic_load(&visit.may_leave))
		give_way();
	atomic_store(&visit.left, true);
}

static const RTM_ENTITY_EXPORT_METHOD lingering[1] = {linger};

static DWORD block_by_thread(void *context)
{
	DWORD status = block(((struct invocation *)context)->callee);

	return status != NO_ERROR || atomic_load(&visit.left) ? status : 77;
}

static DWORD deregister_by_thread(void *context)
{
	DWORD status = RtmDeregisterEntity(((struct invocation *)context)->callee);

	return status != NO_ERROR || atomic_load(&visit.left) ? status : 77;
}

/* Checks that the body waits for a running method, and what it says then. */
static void check_waits_for_methods(struct invocation *invocation, DWORD (*body)(void *))
{
	struct thread running, waiting;

	prepare_visit();
	start_thread(&running, invoke_all, invocation);
	EVENTUALLY(atomic_load(&visit.inside));
	start_thread(&waiting, body, invocation);
	give_way_for_long();
	CHECK(!atomic_load(&waiting.ended));
	atomic_store(&visit.may_leave, true);
	CHECK_EQ(end_thread(&waiting), NO_ERROR);
	CHECK_EQ(end_thread(&running), NO_ERROR);
}

TEST(blocking_waits_for_running_methods) /* decision 157 */
{
	struct invocation invocation = {.caller = enter(9), .callee = enter_exporting(8, 1, lingering)};

	check_waits_for_methods(&invocation, block_by_thread);
	CHECK_EQ(resume(invocation.callee), NO_ERROR);
	leave(invocation.callee);
	leave(invocation.caller);
}

TEST(deregistration_waits_for_running_methods)
{
	struct invocation invocation = {.caller = enter(9), .callee = enter_exporting(8, 1, lingering)};

	check_waits_for_methods(&invocation, deregister_by_thread);
	leave(invocation.caller);
}

TEST(methods_of_one_entity_run_beside_each_other)
{
	struct invocation a = {.caller = enter(9), .callee = enter_exporting(8, 1, lingering)}, b = a;
	struct thread first, second;

	prepare_visit();
	start_thread(&first, invoke_all, &a);
	EVENTUALLY(atomic_load(&visit.inside));
	atomic_store(&visit.inside, false);
	start_thread(&second, invoke_all, &b);
	EVENTUALLY(atomic_load(&visit.inside)); /* though the first is still there */
	atomic_store(&visit.may_leave, true);
	CHECK_EQ(end_thread(&first), NO_ERROR);
	CHECK_EQ(end_thread(&second), NO_ERROR);
	leave(a.callee);
	leave(a.caller);
}

TEST(who_waits_for_methods_learns_that_their_entity_left) /* decision 158 */
{
	RTM_ENTITY_HANDLE callee = enter_exporting(8, 3, three);
	struct invocation invocation = {.caller = enter(9), .callee = callee};
	struct thread thread;

	CHECK_EQ(block(callee), NO_ERROR);
	start_thread(&thread, invoke_all, &invocation);
	give_way_for_long();
	CHECK(!atomic_load(&thread.ended));
	leave(callee);
	CHECK_EQ(end_thread(&thread), ERROR_INVALID_HANDLE);
	leave(invocation.caller);
}

static void WINAPI block_inside(RTM_ENTITY_HANDLE caller, RTM_ENTITY_HANDLE callee, RTM_ENTITY_METHOD_INPUT *input,
                                RTM_ENTITY_METHOD_OUTPUT *output)
{
	(void)caller;
	(void)input;
	output->OutputSize = 0;
	output->MethodStatus = block(callee);
	if (output->MethodStatus == NO_ERROR)
		output->MethodStatus = resume(callee);
}

static void WINAPI leave_inside(RTM_ENTITY_HANDLE caller, RTM_ENTITY_HANDLE callee, RTM_ENTITY_METHOD_INPUT *input,
                                RTM_ENTITY_METHOD_OUTPUT *output)
{
	(void)caller;
	(void)input;
	output->OutputSize = 0;
	output->MethodStatus = RtmDeregisterEntity(callee);
}

TEST(a_method_does_not_wait_for_itself) /* decision 157 */
{
	const RTM_ENTITY_EXPORT_METHOD methods[2] = {block_inside, leave_inside};
	RTM_ENTITY_HANDLE callee = enter_exporting(8, 2, methods), caller = enter(9);
	UINT size = OUTPUT_ROOM;
	method_output output;

	CHECK_EQ(invoke(caller, callee, 1, &size, &output), NO_ERROR);
	CHECK_EQ(output.first.MethodStatus, NO_ERROR);
	size = OUTPUT_ROOM;
	CHECK_EQ(invoke(caller, callee, 2, &size, &output), NO_ERROR);
	CHECK_EQ(output.first.MethodStatus, NO_ERROR);
	size = OUTPUT_ROOM;
	CHECK_EQ(invoke(caller, callee, 1, &size, &output), ERROR_INVALID_HANDLE);
	leave(caller);
}
