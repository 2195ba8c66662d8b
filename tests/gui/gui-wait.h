/* Waiting in GUI tests: the main loop runs until something holds. */
#pragma once

#include <glib.h>

#define GUI_WAIT_SECONDS 10

/* Fails the test when `condition` does not come true in time. */
#define gui_wait_for(condition)                                                                                       \
  G_STMT_START                                                                                                        \
  {                                                                                                                   \
    gint64 gui_wait_end = g_get_monotonic_time () + GUI_WAIT_SECONDS * G_USEC_PER_SEC;                                \
    while (!(condition) && g_get_monotonic_time () < gui_wait_end)                                                    \
      g_main_context_iteration (NULL, FALSE);                                                                         \
    g_assert_true (condition);                                                                                        \
  }                                                                                                                   \
  G_STMT_END
