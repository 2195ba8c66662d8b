/* The tree of managed objects to choose from, with what is to be known of the chosen one. */
#pragma once

#include "app/mib/mib.h"

#include <adwaita.h>

#define WT_TYPE_MIB_BROWSER (wt_mib_browser_get_type ())
G_DECLARE_FINAL_TYPE (WtMibBrowser, wt_mib_browser, WT, MIB_BROWSER, AdwBin)

/* Signals: "chosen": another object; "activated": one that has nothing below it. */
const WtMibObject *wt_mib_browser_chosen (WtMibBrowser *self); /* (nullable) */
