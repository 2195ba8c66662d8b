/* HTML of a mail and plain text, both ways, for readers and writers that show text only. No markup of a mail is ever
 * run, nothing is ever fetched. */
#pragma once

#include <glib.h>

/* The text as a text browser shows it: blocks as lines, list items with bullets, images by their alternative text, a
 * link's address behind it where it is another than the text shows. Linear in the input. (transfer full): valid UTF-8 */
char *wt_mime_html_to_text (const char *html);
/* A page of paragraphs, escaped; an empty line ends a paragraph. `images` (nullable, element-type utf8): Content-IDs of
 * images to show below. (transfer full) */
char *wt_mime_text_to_html (const char *text, const GPtrArray *images);
