/* A mail on the screen as a mail program shows it, or its source. */
#pragma once

#include <adwaita.h>

#define WT_TYPE_MAIL_READER (wt_mail_reader_get_type ())
G_DECLARE_FINAL_TYPE (WtMailReader, wt_mail_reader, WT, MAIL_READER, AdwBin)

GtkWidget *wt_mail_reader_new (void);
void wt_mail_reader_set_mail (WtMailReader *self, GBytes *mail); /* (nullable) */
