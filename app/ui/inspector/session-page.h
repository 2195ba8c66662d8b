/* The inspector's page of the conversation at the cursor: who talks to whom, what state it is in, what may come next by
 * the protocol's state table, and how much has passed. */
#pragma once

#include "app/ui/model/view-names.h"
#include "app/trace/session.h"

#include <adwaita.h>

#define WT_TYPE_SESSION_PAGE (wt_session_page_get_type ())
G_DECLARE_FINAL_TYPE (WtSessionPage, wt_session_page, WT, SESSION_PAGE, AdwBin)

void wt_session_page_set_session (WtSessionPage *self, WtSession *session); /* (nullable) */
/* Borrowed; call again when the answers have changed. */
void wt_session_page_set_names (WtSessionPage *self, const WtViewNames *names);
