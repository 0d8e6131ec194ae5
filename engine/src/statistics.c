/*
 * statistics.c - what Windows' own library does not tell: what is in the tables, and which engine this is.
 */
#include <string.h>

#include "tables.h"

#define RTM2_VERSION "0.1.0"

struct tally {
	const RTM_ENTITY_INFO *y_info; /* NULL: everything */
	RTM2_STATISTICS *y_sum;
};

static void
tally_entity(void *object, void *context)
{
	struct entity *e = object;
	const struct tally *y = context;
	int64_t handles = atomic_load_explicit(&e->e_handles, memory_order_relaxed);

	if (y->y_info != NULL && e->e_info.EntityId.EntityId != y->y_info->EntityId.EntityId)
		return;
	y->y_sum->Entities += e->e_registered;
	y->y_sum->Routes += e->e_routes;
	y->y_sum->NextHops += e->e_hops.tr_count;
	if (y->y_info != NULL)
		y->y_sum->Destinations += e->e_dests.tr_count;
	/* One entity may give back what another took: then the sum is right, and one of the terms negative. */
	y->y_sum->Handles += (ULONGLONG)handles;
}

static void
tally_table(struct table *t, void *context)
{
	const struct tally *y = context;

	if (y->y_info != NULL &&
	    (y->y_info->RtmInstanceId != t->t_instance || y->y_info->AddressFamily != t->t_family))
		return;
	pool_each(&t->t_pool[KIND_ENTITY], tally_entity, context);
	if (y->y_info != NULL)
		return;
	y->y_sum->Destinations += t->t_routed;
	y->y_sum->Bytes += sizeof(*t);
	for (int kind = 0; kind < KIND_COUNT; kind++)
		y->y_sum->Bytes += t->t_pool[kind].p_bytes;
}

DWORD WINAPI
Rtm2GetStatistics(PRTM_ENTITY_INFO EntityInfo, PRTM2_STATISTICS Statistics)
{
	struct tally y = { EntityInfo, Statistics };

	if (Statistics == NULL)
		return ERROR_INVALID_PARAMETER;
	memset(Statistics, 0, sizeof(*Statistics));
	table_each(tally_table, &y);
	return NO_ERROR;
}

const char *WINAPI
Rtm2GetVersion(void)
{
	return RTM2_VERSION;
}
