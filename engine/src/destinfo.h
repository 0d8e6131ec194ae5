/*
 * destinfo.h - destinations as clients see them: which are there, and RTM_DEST_INFO, which lookups, enumerations and
 * changes fill alike.
 */
#ifndef RTM2_DESTINFO_H
#define RTM2_DESTINFO_H

#include "address.h"
#include "object.h"

/* Whether lookups in these views (0: any) see the destination. */
bool dest_visible(const struct dest *, unsigned views);

/* Octets of an RTM_DEST_INFO for these views. */
size_t dest_info_size(unsigned views);

/* Fills *info for the destination, with a reference for each handle in it. views has supported ones only. */
void dest_info_fill(struct call *, ref_t, ULONG protocol, unsigned views, RTM_DEST_INFO *info);

/* Gives back the references of an array of filled RTM_DEST_INFOs, all or none. NO_ERROR; 6; 87 if one cannot be an
 * RTM_DEST_INFO, or there is no array. */
DWORD dest_infos_release(struct call *, UINT count, const RTM_DEST_INFO *infos);

#endif
