/* An attachment of a mail as a row: name, type, size, and a button that saves it. */
#pragma once

#include "app/ui/mail/mail-text.h"

#include <adwaita.h>

/* For a GtkListBox. The row keeps what it needs of the message's bytes. */
GtkWidget *wt_mail_attachment_new (const WtMimeMessage *message, const WtMimePart *part);

/* Asks where to save, saves without stopping the program, and says in `row` (its subtitle) what came of it. */
void wt_mail_save (GtkWidget *row, const char *name, GBytes *bytes);
