/* The parts of a mail as a tree; of the chosen one its header, decoded text, image or bytes, and what stands on the wire. */
#pragma once

#include <adwaita.h>

#define WT_TYPE_MAIL_PARTS (wt_mail_parts_get_type ())
G_DECLARE_FINAL_TYPE (WtMailParts, wt_mail_parts, WT, MAIL_PARTS, AdwBin)

#define WT_MAIL_PARTS_MAX 500 /* parts that are listed */

void wt_mail_parts_set_mail (WtMailParts *self, GBytes *mail); /* (nullable) */
