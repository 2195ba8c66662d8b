/* Bytes as a hex dump: offset, hex, ASCII. Draws the lines that can be seen and no others, so a payload of megabytes is
 * as smooth as one of ten bytes.
 *
 * A caret stands on one byte; a range can be highlighted. A click or the arrow keys move the caret (Home, End: line;
 * with Ctrl: all; Page Up, Page Down). Ctrl+C copies the highlighted range, else the byte, as hex.
 *
 * Properties: GtkScrollable's. Signal: "byte-selected" (guint64 offset): the user moved the caret. */
#pragma once

#include <gtk/gtk.h>

#define WT_TYPE_HEX_VIEW (wt_hex_view_get_type ())
G_DECLARE_FINAL_TYPE (WtHexView, wt_hex_view, WT, HEX_VIEW, GtkWidget)

#define WT_HEX_NO_BYTE G_MAXSIZE

GtkWidget *wt_hex_view_new (void);
void wt_hex_view_set_bytes (WtHexView *self, GBytes *bytes); /* (nullable); caret and highlight are cleared */
/* Highlights [start, end) and brings it into view; start == end: nothing. Does not emit "byte-selected". */
void wt_hex_view_highlight (WtHexView *self, gsize start, gsize end);
gsize wt_hex_view_caret (WtHexView *self); /* WT_HEX_NO_BYTE: nowhere */

/* The byte at that point of the widget, on its hex digits or its character; WT_HEX_NO_BYTE: none. */
gsize wt_hex_view_byte_at (WtHexView *self, double x, double y);
/* Where the hex digits of a byte are in the widget, pixels. */
void wt_hex_view_byte_area (WtHexView *self, gsize offset, graphene_rect_t *area);
guint wt_hex_view_bytes_per_line (WtHexView *self); /* 16, 8 or 4: what the width allows */
/* "00 1f 7e" of the highlighted range or the caret's byte. (transfer full) (nullable) */
char *wt_hex_view_copy (WtHexView *self);
