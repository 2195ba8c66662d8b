/* The inspector's page of fields: the dissection of the selected event as a tree, its bytes as hex, and what the
 * glossary says of the chosen field. Choosing a field highlights its bytes, choosing a byte selects the deepest field
 * that it belongs to. What was chosen stays chosen, by name, when another event is selected. */
#pragma once

#include "app/lesson/glossary.h"
#include "app/trace/session.h"

#include <adwaita.h>

#define WT_TYPE_FIELDS_PAGE (wt_fields_page_get_type ())
G_DECLARE_FINAL_TYPE (WtFieldsPage, wt_fields_page, WT, FIELDS_PAGE, AdwBin)

#define WT_FIELDS_OPEN_MAX 150 /* rows: a message with more fields is not opened to its leaves */

void wt_fields_page_set_session (WtFieldsPage *self, WtSession *session);    /* (nullable) */
void wt_fields_page_set_glossary (WtFieldsPage *self, WtGlossary *glossary); /* (nullable); borrowed */
