/* An image of a mail. It is decoded aside; until then, and if it cannot be, its description stands there. */
#pragma once

#include <gtk/gtk.h>

#define WT_MAIL_IMAGE_BYTES (16 * 1024 * 1024)  /* larger files are not decoded */
#define WT_MAIL_IMAGE_PIXELS (40 * 1000 * 1000) /* nor are larger pictures: a small file can hold a huge one */

/* `width`: the most it takes, pixels. */
GtkWidget *wt_mail_image_new (GBytes *bytes, const char *description, int width);
