/* Field trees: values, ranges, look-up. */
#include "protocols/base/field.h"

static const WtFieldInfo root_info = { "test", WT_FIELD_NONE, "Test" };
static const WtFieldInfo text_info = { "test.text", WT_FIELD_STRING, "Text" };

typedef struct
{
  WtFieldType type;
  gint64 number;
  const char *text;
} NumberRow;

static const NumberRow numbers[] = {
  { WT_FIELD_UINT, 250, "250" },
  { WT_FIELD_INT, -3, "-3" },
  { WT_FIELD_BOOLEAN, 1, "True" },
  { WT_FIELD_BOOLEAN, 0, "False" },
  { WT_FIELD_IPV4, 0x0a000107, "10.0.1.7" },
  { WT_FIELD_TIME, G_GINT64_CONSTANT (1500000000), "1.500000000" },
  { WT_FIELD_TIME, G_GINT64_CONSTANT (-500000000), "-0.500000000" },
};

static void
test_numbers (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      WtFieldInfo info = { "test.number", numbers[i].type, "Number" };
      g_autoptr (WtField) field = wt_field_new_number (&info, 1, 4, numbers[i].number);
      g_assert_cmpstr (field->value, ==, numbers[i].text);
      g_assert_cmpint (field->number, ==, numbers[i].number);
    }
}

static void
test_text (void)
{
  g_autoptr (WtField) bad = wt_field_new (&text_info, 0, 3, "a\xff\0", 3);
  g_autoptr (WtField) none = wt_field_new (&text_info, 5, 2, NULL, -1);
  g_autoptr (WtField) whole = wt_field_new (&text_info, 0, 3, "abc", -1);

  g_assert_cmpstr (bad->value, ==, "a\xef\xbf\xbd\xef\xbf\xbd");
  g_assert_null (none->value);
  g_assert_cmpuint (none->end, ==, 5);
  g_assert_cmpstr (whole->value, ==, "abc");
  g_assert_cmpstr (wt_field_set_glossary (whole, "test.%s", "x")->glossary, ==, "test.x");
}

static gboolean
count_until_three (const WtField *field, guint depth, gpointer user_data)
{
  guint *n = user_data;
  return ++*n < 3;
}

static void
test_tree (void)
{
  g_autoptr (WtField) root = wt_field_new (&root_info, 0, 10, NULL, 0);
  WtField *left = wt_field_append_string (root, &text_info, 0, 5, "left", -1);
  WtField *leaf = wt_field_append_string (left, &text_info, 2, 3, "leaf", -1);
  WtField *right = wt_field_append_string (root, &text_info, 5, 10, "right", -1);
  guint n = 0;

  g_assert_true (wt_field_at (root, 2) == leaf);
  g_assert_true (wt_field_at (root, 4) == left);
  g_assert_true (wt_field_at (root, 9) == right);
  g_assert_null (wt_field_at (root, 10));
  g_assert_true (wt_field_find (root, "test.text") == left);
  g_assert_null (wt_field_find (root, "test.none"));
  g_assert_false (wt_field_walk (root, count_until_three, &n));
  g_assert_cmpuint (n, ==, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/field/numbers", test_numbers);
  g_test_add_func ("/base/field/text", test_text);
  g_test_add_func ("/base/field/tree", test_tree);
  return g_test_run ();
}
