/* The application: its windows, accelerators, style, and what is said of it.
 *
 * Actions ("app."): quit, preferences, about, color-scheme(default|light|dark). */
#pragma once

#include <adwaita.h>

#define WT_TYPE_APPLICATION (wt_application_get_type ())
G_DECLARE_FINAL_TYPE (WtApplication, wt_application, WT, APPLICATION, AdwApplication)

WtApplication *wt_application_new (void);
