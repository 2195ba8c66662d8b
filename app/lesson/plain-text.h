/* Markdown as plain text, for places that have room for no more. Read with cmark. */
#pragma once

#include <cmark.h>
#include <glib.h>

/* All text below a node, stripped; a line break is a space. (transfer full) */
char *wt_plain_text_of_node (cmark_node *node);
/* The paragraphs, with an empty line between them; at most `paragraphs`, 0: all. The items of a list and the rows of a
 * table are lines. (transfer full) */
char *wt_plain_text (const char *markdown, guint paragraphs);
