/*
 * method.c - methods that entities export to each other: asking for them, invoking, blocking.
 */
#include <string.h>

#include "method.h"
#include "object.h"

#define HEADER offsetof(RTM_ENTITY_METHOD_OUTPUT, OutputData)

/* The invocations that this thread is inside of, the innermost first. */
struct invocation {
	const struct entity *o_callee;
	const struct invocation *o_outer;
};

static _Thread_local const struct invocation *invocations;

bool
method_is_busy(const struct entity *e)
{
	unsigned own = 0;

	for (const struct invocation *o = invocations; o != NULL; o = o->o_outer)
		own += o->o_callee == e;
	return e->e_invocations > own;
}

DWORD WINAPI
RtmGetEntityMethods(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENTITY_HANDLE EntityHandle, PUINT NumMethods,
                    PRTM_ENTITY_EXPORT_METHOD ExptMethods)
{
	const struct entity *e;
	struct call c;
	UINT room;
	DWORD status = NO_ERROR;

	if (!call_begin(&c, RtmRegHandle, READ))
		return ERROR_INVALID_HANDLE;
	if ((e = call_resolve(&c, EntityHandle, KIND_ENTITY)) == NULL || !e->e_registered)
		status = ERROR_INVALID_HANDLE;
	else if (NumMethods == NULL || (ExptMethods == NULL && *NumMethods > 0))
		status = ERROR_INVALID_PARAMETER;
	else {
		room = *NumMethods;
		if (room == 0 || room >= e->e_method_count)
			*NumMethods = e->e_method_count;
		else
			status = ERROR_INSUFFICIENT_BUFFER;
		if (room > 0 && *NumMethods > 0)
			memcpy(ExptMethods, e->e_methods, *NumMethods * sizeof(*ExptMethods));
	}
	call_end(&c);
	return status;
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
		methods[i](caller, callee, input, entry);
		used = at + (UINT)HEADER + (entry->OutputSize < room ? entry->OutputSize : room);
		at = (used + 3u) & ~3u;
	}
	return used;
}

DWORD WINAPI
RtmInvokeMethod(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENTITY_HANDLE EntityHandle, PRTM_ENTITY_METHOD_INPUT Input,
                PUINT OutputSize, PRTM_ENTITY_METHOD_OUTPUT Output)
{
	struct table *t;
	struct entity *e;
	struct call c;

	for (;;) {
		DWORD status = NO_ERROR;

		if (!call_begin(&c, RtmRegHandle, WRITE))
			return ERROR_INVALID_HANDLE;
		e = call_resolve(&c, EntityHandle, KIND_ENTITY);
		if (e == NULL || !e->e_registered || e->e_leaving)
			status = ERROR_INVALID_HANDLE;
		else if (Input == NULL || OutputSize == NULL || Output == NULL)
			status = ERROR_INVALID_PARAMETER;
		else if (*OutputSize < HEADER)
			status = ERROR_INSUFFICIENT_BUFFER;
		if (status != NO_ERROR) {
			call_end(&c);
			return status;
		}
		/* Blocking keeps others out, never the entity itself. */
		if (!e->e_blocked || e == c.c_caller)
			break;
		call_wait(&c);
	}
	e->e_invocations++;
	e->e_holds++;
	t = c.c_table;
	call_end(&c);

	invocations = &(struct invocation){ e, invocations };
	*OutputSize = run_methods(RtmRegHandle, EntityHandle, e->e_methods, e->e_method_count, Input, (uint8_t *)Output,
	                          *OutputSize);
	invocations = invocations->o_outer;

	sys_write_lock(&t->t_lock);
	e->e_invocations--;
	e->e_holds--;
	entity_settle(t, handle_ref(EntityHandle));
	sys_write_unlock(&t->t_lock);
	wake_waiting();
	return NO_ERROR;
}

DWORD WINAPI
RtmBlockMethods(RTM_ENTITY_HANDLE RtmRegHandle, HANDLE TargetHandle, UCHAR TargetType, DWORD BlockingFlag)
{
	struct call c;

	/* Blocking single targets is not supported, as the page says. */
	(void)TargetHandle;
	(void)TargetType;
	for (;;) {
		if (!call_begin(&c, RtmRegHandle, WRITE))
			return ERROR_INVALID_HANDLE;
		if (BlockingFlag != RTM_BLOCK_METHODS && BlockingFlag != RTM_RESUME_METHODS) {
			call_end(&c);
			return ERROR_INVALID_PARAMETER;
		}
		c.c_caller->e_blocked = BlockingFlag == RTM_BLOCK_METHODS;
		if (!c.c_caller->e_blocked || !method_is_busy(c.c_caller))
			break;
		call_wait(&c);
	}
	call_end(&c);
	wake_waiting();
	return NO_ERROR;
}
