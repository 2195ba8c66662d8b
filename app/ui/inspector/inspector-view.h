/* The inspector: everything about the selected event, on three pages.
 *
 * Fields: the dissection as a tree over the bytes as hex, each showing what is chosen in the other, and what the
 * glossary says of it. Message: the mail that a message carries, as a person reads it. Session: the conversation at
 * the cursor: addresses, TCP, the protocol's state and what may come next with the RFC's section, counts.
 *
 * Property: "page" ("fields", "message", "session").
 * Actions: "field.copy-name", "field.copy-value", "field.copy-filter", "field.apply-filter". */
#pragma once

#include "app/lesson/glossary.h"
#include "app/render/names.h"
#include "app/trace/session.h"

#include <adwaita.h>

#define WT_TYPE_INSPECTOR_VIEW (wt_inspector_view_get_type ())
G_DECLARE_FINAL_TYPE (WtInspectorView, wt_inspector_view, WT, INSPECTOR_VIEW, AdwBin)

GtkWidget *wt_inspector_view_new (void);
void wt_inspector_view_set_session (WtInspectorView *self, WtSession *session); /* (nullable) */
/* How hosts are called. `names` is copied, and nullable; call again when the answers have changed. */
void wt_inspector_view_set_names (WtInspectorView *self, const WtCanvasNames *names, gpointer user_data,
                                  GDestroyNotify destroy);
/* (nullable); borrowed: it must live as long as the view, or until another is set. */
void wt_inspector_view_set_glossary (WtInspectorView *self, WtGlossary *glossary);
