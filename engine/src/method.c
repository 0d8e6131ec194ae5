/*
 * method.c - methods that entities export to each other: asking for them, invoking, blocking.
 */
#include <string.h>

#include "method.h"
#include "object.h"

#define HEADER offsetof(RTM_ENTITY_METHOD_OUTPUT, OutputData)

/* The invocations that this thread is inside of, the innermost first. */
struct invocation {
	const struct entity *iv_callee;
	const struct invocation *iv_outer;
};

static _Thread_local const struct invocation *invocations;

bool
method_is_busy(const struct entity *e)
{
	unsigned own = 0;

	for (const struct invocation *o = invocations; o != NULL; o = o->iv_outer)
		own += o->iv_callee == e;
	return e->e_invocations > own;
}

static DWORD
get_entity_methods(const struct call *c, RTM_ENTITY_HANDLE handle, UINT *count, RTM_ENTITY_EXPORT_METHOD *methods)
{
	const struct entity *e = call_resolve(c, handle, KIND_ENTITY);
	UINT room;

	if (e == NULL || !e->e_registered)
		return ERROR_INVALID_HANDLE;
	if (count == NULL || (methods == NULL && *count > 0))
		return ERROR_INVALID_PARAMETER;
	room = *count;
	if (room == 0 || room > e->e_method_count)
		*count = e->e_method_count;
	if (room > 0 && *count > 0)
		memcpy(methods, e->e_methods, *count * sizeof(*methods));
	return room == 0 || room >= e->e_method_count ? NO_ERROR : ERROR_INSUFFICIENT_BUFFER;
}

DWORD WINAPI
RtmGetEntityMethods(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENTITY_HANDLE EntityHandle, PUINT NumMethods,
                    PRTM_ENTITY_EXPORT_METHOD ExptMethods)
{
	struct call c = call_by(RtmRegHandle, READ);

	while (call_attempt(&c))
		c.c_status = get_entity_methods(&c, EntityHandle, NumMethods, ExptMethods);
	return c.c_status;
}

/* Runs the methods, each with the room that is left, and tells how much of it they used. No lock is held. */
static UINT
run_methods(HANDLE caller, HANDLE callee, const RTM_ENTITY_EXPORT_METHOD *methods, unsigned count,
            RTM_ENTITY_METHOD_INPUT *input, uint8_t *output, UINT size)
{
	UINT at = 0, used = 0;

	for (unsigned i = 0; i < count; i++) {
		RTM_ENTITY_METHOD_OUTPUT *entry = (RTM_ENTITY_METHOD_OUTPUT *)(void *)(output + at);
		UINT room;

		if ((input->MethodType >> i & 1) == 0)
			continue;
		if (at > size || size - at < HEADER)
			break;
		room = size - at - (UINT)HEADER;
		entry->MethodType = (RTM_ENTITY_METHOD_TYPE)1 << i;
		entry->MethodStatus = NO_ERROR;
		entry->OutputSize = room;
		order_expect_none();
		methods[i](caller, callee, input, entry);
		used = at + (UINT)HEADER + (entry->OutputSize < room ? entry->OutputSize : room);
		at = (used + 3u) & ~3u;
	}
	return used;
}

/* Has the callee stay, and those who would change its methods wait, while they run. */
static DWORD
invocation_begin(struct call *c, RTM_ENTITY_HANDLE handle, const RTM_ENTITY_METHOD_INPUT *input, const UINT *size,
                 const RTM_ENTITY_METHOD_OUTPUT *output)
{
	struct entity *e = call_resolve(c, handle, KIND_ENTITY);

	if (e == NULL || !e->e_registered || e->e_leaving)
		return ERROR_INVALID_HANDLE;
	if (input == NULL || size == NULL || output == NULL)
		return ERROR_INVALID_PARAMETER;
	if (*size < HEADER)
		return ERROR_INSUFFICIENT_BUFFER;
	/* Blocking keeps others out, never the entity itself. */
	if (e->e_blocked && e != c->c_caller)
		return WAITING;
	e->e_invocations++;
	e->e_holds++;
	return NO_ERROR;
}

static void
invocation_end(struct table *t, ref_t callee)
{
	table_lock(t, WRITE);
	entity_at(callee)->e_invocations--;
	entity_at(callee)->e_holds--;
	entity_settle(t, callee);
	table_unlock(t, WRITE);
	wake_waiting();
}

DWORD WINAPI
RtmInvokeMethod(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENTITY_HANDLE EntityHandle, PRTM_ENTITY_METHOD_INPUT Input,
                PUINT OutputSize, PRTM_ENTITY_METHOD_OUTPUT Output)
{
	struct call c = call_by(RtmRegHandle, WRITE);
	const struct entity *e;

	while (call_attempt(&c))
		c.c_status = invocation_begin(&c, EntityHandle, Input, OutputSize, Output);
	if (c.c_status != NO_ERROR)
		return c.c_status;
	e = entity_at(handle_ref(EntityHandle));
	invocations = &(struct invocation){ e, invocations };
	*OutputSize = run_methods(RtmRegHandle, EntityHandle, e->e_methods, e->e_method_count, Input, (uint8_t *)Output,
	                          *OutputSize);
	invocations = invocations->iv_outer;
	invocation_end(c.c_table, handle_ref(EntityHandle));
	return NO_ERROR;
}

static DWORD
block_methods(const struct call *c, DWORD flag)
{
	if (flag != RTM_BLOCK_METHODS && flag != RTM_RESUME_METHODS)
		return ERROR_INVALID_PARAMETER;
	c->c_caller->e_blocked = flag == RTM_BLOCK_METHODS;
	if (c->c_caller->e_blocked && method_is_busy(c->c_caller))
		return WAITING;
	wake_waiting();
	return NO_ERROR;
}

DWORD WINAPI
RtmBlockMethods(RTM_ENTITY_HANDLE RtmRegHandle, HANDLE TargetHandle, UCHAR TargetType, DWORD BlockingFlag)
{
	struct call c = call_by(RtmRegHandle, WRITE);

	/* Blocking single targets is not supported, as the page says. */
	(void)TargetHandle;
	(void)TargetType;
	while (call_attempt(&c))
		c.c_status = block_methods(&c, BlockingFlag);
	return c.c_status;
}
