/*
 * tables.c - all tables. See tables.h.
 */
#include <stdlib.h>

#include "enum.h"
#include "list.h"
#include "notify.h"
#include "tables.h"

/* Guards the list of tables. */
static sys_mutex tables_lock = SYS_MUTEX_INIT(ORDER_TABLES);
static struct table *tables;

/* One line if it fits. */
static size_t
dest_size(unsigned octets)
{
	size_t size = offsetof(struct dest, d_key) + 1 + octets;

	return size <= CACHE_LINES(1) ? CACHE_LINES(1) : OBJECT_SIZE(size);
}

static struct table *
table_make(USHORT instance, USHORT family)
{
	struct table *t = calloc(1, sizeof(*t));
	size_t sizes[KIND_NODE];

	if (t == NULL)
		return NULL;
	sys_rwlock_init(&t->t_lock, ORDER_TABLE);
	t->t_instance = instance;
	t->t_family = family;
	t->t_octets = family == RTM2_AF_INET6 ? 16 : 4;
	t->t_hop_octets = family == RTM2_AF_IPX ? 6 : t->t_octets;

	sizes[KIND_ENTITY] = sizeof(struct entity);
	sizes[KIND_DEST] = dest_size(t->t_octets);
	sizes[KIND_DEST_EXTRA] = sizeof(struct destextra);
	sizes[KIND_ROUTE] = CACHE_LINES(sizeof(struct route));
	sizes[KIND_ROUTE_EXTRA] = sizeof(struct routeextra);
	sizes[KIND_HOPSET] = sizeof(struct hopset);
	sizes[KIND_NEXTHOP] = offsetof(struct nexthop, n_key) + 1 + t->t_hop_octets + 1 + sizeof(ULONG);
	sizes[KIND_ENUM] = sizeof(struct enumeration);
	sizes[KIND_LIST] = list_size();
	sizes[KIND_NOTIFY] = notify_size();
	for (int kind = 0; kind < KIND_NODE; kind++)
		pool_init(&t->t_pool[kind], t, (enum kind)kind, sizes[kind], NULL);
	pool_init(&t->t_pool[KIND_DEST], t, KIND_DEST, sizes[KIND_DEST], &t->t_pool[KIND_ROUTE]);
	trie_pools_init(&t->t_pool[KIND_NODE], t);

	trie_init(&t->t_dests, &t->t_pool[KIND_NODE], offsetof(struct dest, d_key), t->t_octets);
	trie_init(&t->t_entities, &t->t_pool[KIND_NODE], offsetof(struct entity, e_key), sizeof(ULONGLONG));
	return t;
}

struct table *
table_open(USHORT instance, USHORT family, DWORD *status)
{
	struct table *t;

	*status = ERROR_FILE_NOT_FOUND;
	if (family != RTM2_AF_INET && family != RTM2_AF_INET6 && family != RTM2_AF_IPX)
		return NULL;
	*status = ERROR_NOT_ENOUGH_MEMORY;
	sys_mutex_lock(&tables_lock);
	for (t = tables; t != NULL; t = t->t_next)
		if (t->t_instance == instance && t->t_family == family)
			break;
	if (t == NULL && (t = table_make(instance, family)) != NULL) {
		t->t_next = tables;
		tables = t;
	}
	sys_mutex_unlock(&tables_lock);
	return t;
}

void
table_each(void (*visit)(struct table *, void *), void *context)
{
	sys_mutex_lock(&tables_lock);
	for (struct table *t = tables; t != NULL; t = t->t_next) {
		table_lock(t, READ);
		visit(t, context);
		table_unlock(t, READ);
	}
	sys_mutex_unlock(&tables_lock);
}

struct table *
table_after(const struct table *t)
{
	struct table *next;

	sys_mutex_lock(&tables_lock);
	next = t != NULL ? t->t_next : tables;
	sys_mutex_unlock(&tables_lock);
	return next;
}
