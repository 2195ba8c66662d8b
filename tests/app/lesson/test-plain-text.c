#include "app/lesson/plain-text.h"

static void
test_plain_text (void)
{
  static const struct { const char *name, *markdown; guint paragraphs; const char *text; } rows[] = {
    { "empty", "", 0, "" },
    { "emphasis", "Alice of **example.org** *writes*.", 0, "Alice of example.org writes." },
    { "code", "The reply `250`\nends it.", 0, "The reply 250 ends it." },
    { "paragraphs", "One.\n\nTwo.\n\nThree.", 0, "One.\n\nTwo.\n\nThree." },
    { "first only", "One.\n\nTwo.", 1, "One." },
    { "table", "| When | What |\n|---|---|\n| 5 min | a **full** mailbox |", 0, "When – What\n• 5 min – a full mailbox" },
    { "numbers", "Watch:\n\n1. **One** goes.\n2. Two\n   comes.", 0, "Watch:\n\n1. One goes.\n2. Two comes." },
    { "bullets", "- One\n- `Two`\n\nEnd.", 0, "• One\n• Two\n\nEnd." },
    { "heading", "# Title\n\nText", 0, "Title\n\nText" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = wt_plain_text (rows[i].markdown, rows[i].paragraphs);

      g_test_message ("%s", rows[i].name);
      g_assert_cmpstr (text, ==, rows[i].text);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plain-text", test_plain_text);
  return g_test_run ();
}
