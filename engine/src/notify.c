/*
 * notify.c - change notification.
 *
 * A registration has a bit in three masks of each destination: the change is pending; the destination stands in the
 * registration's queue; it is marked. The queue holds each destination once, so room for as many as there are
 * destinations is enough, and it is made when a destination is made: telling of a change can then not fail. A change
 * that the client ignores stays in the queue without being pending and is passed over.
 */
#include <stdlib.h>
#include <string.h>

#include "destinfo.h"
#include "notify.h"

#define ALL_TYPES (RTM_CHANGE_TYPE_ALL | RTM_CHANGE_TYPE_BEST | RTM_CHANGE_TYPE_FORWARDING)

struct notify {
	struct object nf_object;
	ref_t nf_owner;
	unsigned nf_bit;       /* its place in t_notify, and its bit in the masks */
	unsigned nf_views;     /* 0: any */
	RTM_NOTIFY_FLAGS nf_flags;
	bool nf_ending;        /* its client waits for the running callback: no other may begin */
	PVOID nf_context;
	uint32_t nf_pending;   /* destinations with a pending change */
	uint32_t nf_marks;     /* destinations marked */
	ref_t *nf_queue;       /* a ring */
	uint32_t nf_first, nf_count, nf_room;
	struct event nf_event;
};

#define notify_at(ref) ((struct notify *)object_at(ref))

size_t
notify_size(void)
{
	return sizeof(struct notify);
}

static bool
queue_reserve(struct notify *n, uint32_t wanted)
{
	uint32_t room = n->nf_room;
	ref_t *queue;

	if (wanted <= room)
		return true;
	while (room < wanted)
		room = room * 2 + 64;
	if ((queue = malloc(room * sizeof(*queue))) == NULL)
		return false;
	for (uint32_t i = 0; i < n->nf_count; i++)
		queue[i] = n->nf_queue[(n->nf_first + i) % n->nf_room];
	free(n->nf_queue);
	n->nf_queue = queue;
	n->nf_room = room;
	n->nf_first = 0;
	return true;
}

bool
notify_reserve(struct table *t)
{
	for (uint32_t left = t->t_notified; left != 0; left &= left - 1)
		if (!queue_reserve(notify_at(t->t_notify[__builtin_ctz(left)]), t->t_dests.tr_count + 1))
			return false;
	return true;
}

/*
 * Noting changes
 */

static void
notify_deliver(struct table *t, HANDLE about)
{
	const struct notify *n;
	RTM_EVENT_CALLBACK callback = NULL;
	HANDLE owner = NULL;
	PVOID context = NULL;

	table_lock(t, READ);
	n = handle_resolve(about, KIND_NOTIFY, t);
	/* A client that has fetched everything meanwhile need not be told. */
	if (n != NULL && n->nf_pending > 0 && !n->nf_ending)
		callback = entity_at(n->nf_owner)->e_callback;
	if (callback != NULL) {
		owner = handle_of(n->nf_owner, entity_at(n->nf_owner));
		context = n->nf_context;
		worker_enter(owner, about);
	}
	table_unlock(t, READ);
	if (callback == NULL)
		return;
	order_expect_none();
	(void)callback(owner, RTM_CHANGE_NOTIFICATION, about, context);
	worker_leave();
}

static bool
concerns(const struct notify *n, const struct dest *d, const struct changes *g)
{
	unsigned views = 0;

	if ((n->nf_flags & RTM_NOTIFY_ONLY_MARKED_DESTS) != 0 && (d->d_marked >> n->nf_bit & 1) == 0)
		return false;
	if ((n->nf_flags & RTM_CHANGE_TYPE_ALL) != 0)
		views |= g->g_all;
	if ((n->nf_flags & RTM_CHANGE_TYPE_BEST) != 0)
		views |= g->g_best;
	if ((n->nf_flags & RTM_CHANGE_TYPE_FORWARDING) != 0)
		views |= g->g_forwarding;
	return (n->nf_views == 0 ? views : views & n->nf_views) != 0;
}

static void
note(struct table *t, struct notify *n, ref_t dest)
{
	struct dest *d = dest_at(dest);
	uint32_t bit = 1u << n->nf_bit;

	if ((d->d_pending & bit) != 0)
		return;
	d->d_pending |= bit;
	if ((d->d_queued & bit) == 0) {
		d->d_queued |= bit;
		d->d_holds++;
		n->nf_queue[(n->nf_first + n->nf_count++) % n->nf_room] = dest;
	}
	if (n->nf_pending++ == 0 && entity_at(n->nf_owner)->e_callback != NULL)
		(void)worker_post(&n->nf_event, t, handle_of(t->t_notify[n->nf_bit], n), notify_deliver);
}

void
notify_changes(struct table *t, ref_t dest, const struct changes *g)
{
	if ((g->g_all | g->g_best | g->g_forwarding) == 0)
		return;
	for (uint32_t left = t->t_notified; left != 0; left &= left - 1) {
		struct notify *n = notify_at(t->t_notify[__builtin_ctz(left)]);

		if (concerns(n, dest_at(dest), g))
			note(t, n, dest);
	}
}

/*
 * Registrations
 */

/* The lowest bit that no registration of the table has; MAX_NOTIFICATIONS if there is none. */
static unsigned
vacant_bit(const struct table *t)
{
	unsigned bit = 0;

	while (bit < MAX_NOTIFICATIONS && (t->t_notified >> bit & 1) != 0)
		bit++;
	return bit;
}

static DWORD
register_for_change_notification(struct call *c, RTM_VIEW_SET mask, RTM_NOTIFY_FLAGS flags, PVOID context,
                                 RTM_NOTIFY_HANDLE *handle)
{
	struct table *t = c->c_table;
	unsigned views, bit = vacant_bit(t);
	struct notify *n;
	ref_t ref;

	if (handle == NULL || (flags & ALL_TYPES) == 0 || (flags & ~(ALL_TYPES | RTM_NOTIFY_ONLY_MARKED_DESTS)) != 0)
		return ERROR_INVALID_PARAMETER;
	if (!views_of_mask(mask, &views))
		return ERROR_NOT_SUPPORTED;
	if (bit == MAX_NOTIFICATIONS)
		return ERROR_NO_SYSTEM_RESOURCES;
	if ((n = pool_alloc(&t->t_pool[KIND_NOTIFY], &ref)) == NULL)
		return ERROR_NOT_ENOUGH_MEMORY;
	if (!queue_reserve(n, t->t_dests.tr_count)) {
		pool_free(&t->t_pool[KIND_NOTIFY], ref);
		return ERROR_NOT_ENOUGH_MEMORY;
	}
	n->nf_owner = c->c_self;
	n->nf_bit = bit;
	n->nf_views = views;
	n->nf_flags = flags;
	n->nf_context = context;
	t->t_notify[bit] = ref;
	t->t_notified |= 1u << bit;
	c->c_caller->e_notifications |= 1u << bit;
	c->c_balance++;
	*handle = handle_of(ref, n);
	return NO_ERROR;
}

DWORD WINAPI
RtmRegisterForChangeNotification(RTM_ENTITY_HANDLE RtmRegHandle, RTM_VIEW_SET TargetViews, RTM_NOTIFY_FLAGS NotifyFlags,
                                 PVOID NotifyContext, PRTM_NOTIFY_HANDLE NotifyHandle)
{
	struct call c = call_by(RtmRegHandle, WRITE);

	while (call_attempt(&c))
		c.c_status = register_for_change_notification(&c, TargetViews, NotifyFlags, NotifyContext,
		                                              NotifyHandle);
	return c.c_status;
}

/* The caller's registration, or NULL. */
static struct notify *
notify_resolve(const struct call *c, RTM_NOTIFY_HANDLE handle)
{
	struct notify *n = call_resolve(c, handle, KIND_NOTIFY);

	return n != NULL && n->nf_owner == c->c_self ? n : NULL;
}

/* Takes the first destination off the queue, pending or not; 0 at the end. Its hold is the caller's to give up. */
static ref_t
queue_take(struct notify *n, bool *pending)
{
	uint32_t bit = 1u << n->nf_bit;
	struct dest *d;
	ref_t ref;

	if (n->nf_count == 0)
		return 0;
	ref = n->nf_queue[n->nf_first];
	n->nf_first = (n->nf_first + 1) % n->nf_room;
	n->nf_count--;
	d = dest_at(ref);
	*pending = (d->d_pending & bit) != 0;
	if (*pending)
		n->nf_pending--;
	d->d_queued &= ~bit;
	d->d_pending &= ~bit;
	return ref;
}

static void
dest_unhold(struct table *t, ref_t ref)
{
	dest_at(ref)->d_holds--;
	dest_settle(t, ref);
}

/* Takes the registration's marks off all destinations. */
static void
unmark_all(struct table *t, const struct notify *n)
{
	uint32_t bit = 1u << n->nf_bit;
	uint8_t key[KEY_SIZE] = { 0 };

	for (ref_t ref = trie_next(&t->t_dests, key, true); ref != 0; ref = trie_next(&t->t_dests, key, false)) {
		struct dest *d = dest_at(ref);

		memcpy(key, d->d_key, 1 + t->t_octets);
		if ((d->d_marked & bit) == 0)
			continue;
		d->d_marked &= ~bit;
		dest_unhold(t, ref);
	}
}

static void
notify_end(struct table *t, struct notify *n)
{
	struct entity *owner = entity_at(n->nf_owner);
	ref_t ref = t->t_notify[n->nf_bit], dest;
	bool pending;

	worker_cancel(&n->nf_event);
	while ((dest = queue_take(n, &pending)) != 0)
		dest_unhold(t, dest);
	if (n->nf_marks > 0)
		unmark_all(t, n);
	t->t_notify[n->nf_bit] = 0;
	t->t_notified &= ~(1u << n->nf_bit);
	owner->e_notifications &= ~(1u << n->nf_bit);
	free(n->nf_queue);
	pool_free(&t->t_pool[KIND_NOTIFY], ref);
}

void
notify_end_all(struct table *t, struct entity *e)
{
	for (unsigned i = 0; i < MAX_NOTIFICATIONS; i++)
		if ((e->e_notifications >> i & 1) != 0) {
			notify_end(t, notify_at(t->t_notify[i]));
			atomic_fetch_sub_explicit(&e->e_handles, 1, memory_order_relaxed);
		}
}

static DWORD
deregister_from_change_notification(struct call *c, RTM_NOTIFY_HANDLE handle)
{
	struct notify *n = notify_resolve(c, handle);

	if (n == NULL)
		return ERROR_INVALID_HANDLE;
	/* A callback that is at it ends undisturbed. */
	if (worker_runs(c->c_handle, handle)) {
		n->nf_ending = true;
		return call_awaits_callback(c, handle);
	}
	notify_end(c->c_table, n);
	c->c_balance--;
	return NO_ERROR;
}

DWORD WINAPI
RtmDeregisterFromChangeNotification(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NOTIFY_HANDLE NotifyHandle)
{
	struct call c = call_by(RtmRegHandle, WRITE);

	while (call_attempt(&c))
		c.c_status = deregister_from_change_notification(&c, NotifyHandle);
	return c.c_status;
}

/*
 * Fetching changes
 */

static DWORD
get_changed_dests(struct call *c, RTM_NOTIFY_HANDLE handle, UINT *room, RTM_DEST_INFO *infos)
{
	struct notify *n = notify_resolve(c, handle);
	uint8_t *info = (uint8_t *)infos;
	UINT count = 0;
	bool pending;
	ref_t ref;

	if (n == NULL)
		return ERROR_INVALID_HANDLE;
	if (room == NULL || infos == NULL || *room == 0 || *room > MAX_HANDLES_IN_ENUM)
		return ERROR_INVALID_PARAMETER;
	while (count < *room && (ref = queue_take(n, &pending)) != 0) {
		if (pending) {
			dest_info_fill(c, ref, RTM_BEST_PROTOCOL, n->nf_views, (RTM_DEST_INFO *)(void *)info);
			info += dest_info_size(n->nf_views);
			count++;
		}
		dest_unhold(c->c_table, ref);
	}
	*room = count;
	return count > 0 ? NO_ERROR : ERROR_NO_MORE_ITEMS;
}

DWORD WINAPI
RtmGetChangedDests(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NOTIFY_HANDLE NotifyHandle, PUINT NumDests,
                   PRTM_DEST_INFO ChangedDests)
{
	struct call c = call_by(RtmRegHandle, WRITE);

	while (call_attempt(&c))
		c.c_status = get_changed_dests(&c, NotifyHandle, NumDests, ChangedDests);
	return c.c_status;
}

DWORD WINAPI
RtmReleaseChangedDests(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NOTIFY_HANDLE NotifyHandle, UINT NumDests,
                       PRTM_DEST_INFO ChangedDests)
{
	struct call c = call_by(RtmRegHandle, READ);

	while (call_attempt(&c)) {
		c.c_status = ERROR_INVALID_HANDLE;
		if (notify_resolve(&c, NotifyHandle) != NULL)
			c.c_status = dest_infos_release(&c, NumDests, ChangedDests);
	}
	return c.c_status;
}

static DWORD
ignore_changed_dests(const struct call *c, RTM_NOTIFY_HANDLE handle, UINT count, RTM_DEST_HANDLE *dests)
{
	struct notify *n = notify_resolve(c, handle);

	if (n == NULL)
		return ERROR_INVALID_HANDLE;
	if (dests == NULL && count > 0)
		return ERROR_INVALID_PARAMETER;
	for (UINT i = 0; i < count; i++)
		if (call_resolve(c, dests[i], KIND_DEST) == NULL)
			return ERROR_INVALID_HANDLE;
	for (UINT i = 0; i < count; i++) {
		struct dest *d = call_resolve(c, dests[i], KIND_DEST);

		if ((d->d_pending >> n->nf_bit & 1) == 0)
			continue;
		d->d_pending &= ~(1u << n->nf_bit);
		n->nf_pending--;
	}
	return NO_ERROR;
}

DWORD WINAPI
RtmIgnoreChangedDests(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NOTIFY_HANDLE NotifyHandle, UINT NumDests,
                      PRTM_DEST_HANDLE ChangedDests)
{
	struct call c = call_by(RtmRegHandle, WRITE);

	while (call_attempt(&c))
		c.c_status = ignore_changed_dests(&c, NotifyHandle, NumDests, ChangedDests);
	return c.c_status;
}

/*
 * What a registration has noted of one destination
 */

/* Whether the registration is pending for a destination, or has marked it. */
static DWORD
get_bit(const struct call *c, RTM_NOTIFY_HANDLE handle, RTM_DEST_HANDLE dest, bool marked, BOOL *bit)
{
	const struct notify *n = notify_resolve(c, handle);
	const struct dest *d = call_resolve(c, dest, KIND_DEST);

	if (n == NULL || d == NULL)
		return ERROR_INVALID_HANDLE;
	if (bit == NULL)
		return ERROR_INVALID_PARAMETER;
	*bit = ((marked ? d->d_marked : d->d_pending) >> n->nf_bit & 1) != 0;
	return NO_ERROR;
}

DWORD WINAPI
RtmGetChangeStatus(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NOTIFY_HANDLE NotifyHandle, RTM_DEST_HANDLE DestHandle,
                   PBOOL ChangeStatus)
{
	struct call c = call_by(RtmRegHandle, READ);

	while (call_attempt(&c))
		c.c_status = get_bit(&c, NotifyHandle, DestHandle, false, ChangeStatus);
	return c.c_status;
}

DWORD WINAPI
RtmIsMarkedForChangeNotification(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NOTIFY_HANDLE NotifyHandle,
                                 RTM_DEST_HANDLE DestHandle, PBOOL DestMarked)
{
	struct call c = call_by(RtmRegHandle, READ);

	while (call_attempt(&c))
		c.c_status = get_bit(&c, NotifyHandle, DestHandle, true, DestMarked);
	return c.c_status;
}

static DWORD
mark_dest(const struct call *c, RTM_NOTIFY_HANDLE handle, RTM_DEST_HANDLE dest, bool mark)
{
	struct notify *n = notify_resolve(c, handle);
	struct dest *d = call_resolve(c, dest, KIND_DEST);
	uint32_t bit;

	if (n == NULL || d == NULL)
		return ERROR_INVALID_HANDLE;
	bit = 1u << n->nf_bit;
	if (mark == ((d->d_marked & bit) != 0))
		return NO_ERROR;
	d->d_marked ^= bit;
	if (mark) {
		d->d_holds++;
		n->nf_marks++;
	} else {
		n->nf_marks--;
		dest_unhold(c->c_table, handle_ref(dest));
	}
	return NO_ERROR;
}

DWORD WINAPI
RtmMarkDestForChangeNotification(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NOTIFY_HANDLE NotifyHandle,
                                 RTM_DEST_HANDLE DestHandle, BOOL MarkDest)
{
	struct call c = call_by(RtmRegHandle, WRITE);

	while (call_attempt(&c))
		c.c_status = mark_dest(&c, NotifyHandle, DestHandle, MarkDest != FALSE);
	return c.c_status;
}
