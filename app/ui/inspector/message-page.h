/* The inspector's page of the message: the mail that the selected event carries or stores. */
#pragma once

#include "app/trace/session.h"

#include <adwaita.h>

#define WT_TYPE_MESSAGE_PAGE (wt_message_page_get_type ())
G_DECLARE_FINAL_TYPE (WtMessagePage, wt_message_page, WT, MESSAGE_PAGE, AdwBin)

void wt_message_page_set_session (WtMessagePage *self, WtSession *session); /* (nullable) */
