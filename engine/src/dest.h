/*
 * dest.h - RTM_DEST_INFO, which lookups and enumerations fill alike.
 */
#ifndef RTM2_DEST_H
#define RTM2_DEST_H

#include "table.h"

/* Octets of an RTM_DEST_INFO for these views. */
size_t dest_info_size(unsigned views);

/* Fills *info for the destination, with a reference for each handle in it. views has supported ones only. */
void dest_info_fill(struct call *, ref_t, ULONG protocol, unsigned views, RTM_DEST_INFO *info);

/* Gives back the references of an array of filled RTM_DEST_INFOs. */
DWORD dest_infos_release(struct call *, UINT count, const RTM_DEST_INFO *infos);

#endif
