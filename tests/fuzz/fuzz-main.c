/* Runs a fuzz target without a fuzzer: every seed, every prefix-cut of it, and some thousand mutations, the same
 * in each run as far as it comes in MUTATIONS_TIME. In the test suite this keeps old findings mended; -Dfuzzing=true builds the same targets for libFuzzer.
 *
 *   fuzz-NAME SEEDS-FOLDER [MUTATIONS]      one more way: fuzz-NAME FILE... runs just these inputs (a finding) */
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#define INPUT_MAX (64 * 1024)
#define CUTS_MAX 200
#define MUTATIONS_TIME (5 * G_USEC_PER_SEC)

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes);

/* A copy in a block of exactly its size, so that a read past the end is seen by AddressSanitizer. */
static void
run (const guint8 *bytes, gsize n_bytes)
{
  guint8 *exact = malloc (n_bytes + (n_bytes == 0));
  if (n_bytes > 0)
    memcpy (exact, bytes, n_bytes);
  LLVMFuzzerTestOneInput (exact, n_bytes);
  free (exact);
}

static GBytes *
read_seed (const char *path)
{
  char *contents;
  gsize length;
  g_autoptr (GError) error = NULL;
  if (!g_file_get_contents (path, &contents, &length, &error))
    g_error ("%s", error->message);
  return g_bytes_new_take (contents, length);
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static GPtrArray *
read_seeds (const char *folder)
{
  GPtrArray *seeds = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  for (const char *name = dir ? g_dir_read_name (dir) : NULL; name; name = g_dir_read_name (dir))
    g_ptr_array_add (names, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    g_ptr_array_add (seeds, read_seed (names->pdata[i]));
  if (seeds->len == 0)
    g_ptr_array_add (seeds, g_bytes_new_static ("", 0));
  return seeds;
}

static void
run_cuts (GBytes *seed)
{
  gsize n_bytes;
  const guint8 *bytes = g_bytes_get_data (seed, &n_bytes);
  gsize step = n_bytes / CUTS_MAX + 1;
  for (gsize length = 0; length < n_bytes; length += step)
    run (bytes, length);
  run (bytes, n_bytes);
}

/* One of: a byte changed, removed, put in; a stretch doubled; a piece of another seed spliced in. */
static void
mutate (GByteArray *input, GPtrArray *seeds, GRand *rand)
{
  guint at = input->len ? g_rand_int_range (rand, 0, input->len) : 0;
  guint8 byte = g_rand_int_range (rand, 0, 256);
  guint stretch = 1u << g_rand_int_range (rand, 0, 10);
  switch (input->len ? g_rand_int_range (rand, 0, 5) : 4)
    {
    case 0:
      input->data[at] = byte;
      break;
    case 1:
      g_byte_array_remove_range (input, at, MIN (input->len - at, stretch));
      break;
    case 2:
      g_byte_array_append (input, &byte, 1);
      memmove (input->data + at + 1, input->data + at, input->len - 1 - at);
      input->data[at] = byte;
      break;
    case 3:
      {
        guint length = MIN (input->len - at, stretch);
        g_autofree guint8 *copy = g_memdup2 (input->data + at, length);
        g_byte_array_append (input, copy, length);
        break;
      }
    default:
      {
        gsize n_bytes;
        const guint8 *bytes = g_bytes_get_data (seeds->pdata[g_rand_int_range (rand, 0, seeds->len)], &n_bytes);
        gsize from = n_bytes ? g_rand_int_range (rand, 0, n_bytes) : 0;
        g_byte_array_set_size (input, at);
        g_byte_array_append (input, bytes + from, n_bytes - from);
      }
    }
  if (input->len > INPUT_MAX)
    g_byte_array_set_size (input, INPUT_MAX);
}

/* Returns how many it ran. */
static guint
run_mutations (GPtrArray *seeds, guint n_mutations)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (5321);
  gint64 end = g_get_monotonic_time () + MUTATIONS_TIME;
  guint i;
  for (i = 0; i < n_mutations && g_get_monotonic_time () < end; i++)
    {
      gsize n_bytes;
      const guint8 *bytes = g_bytes_get_data (seeds->pdata[i % seeds->len], &n_bytes);
      g_autoptr (GByteArray) input = g_byte_array_new ();
      g_byte_array_append (input, bytes, n_bytes);
      for (guint n = g_rand_int_range (rand, 1, 6); n > 0; n--)
        mutate (input, seeds, rand);
      run (input->data, input->len);
    }
  return i;
}

int
main (int argc, char **argv)
{
  if (argc < 2)
    g_error ("usage: %s SEEDS-FOLDER [MUTATIONS] | FILE...", argv[0]);
  if (!g_file_test (argv[1], G_FILE_TEST_IS_DIR))
    {
      for (int i = 1; i < argc; i++)
        {
          g_autoptr (GBytes) seed = read_seed (argv[i]);
          run (g_bytes_get_data (seed, NULL), g_bytes_get_size (seed));
        }
      return 0;
    }
  g_autoptr (GPtrArray) seeds = read_seeds (argv[1]);
  for (guint i = 0; i < seeds->len; i++)
    run_cuts (seeds->pdata[i]);
  guint n_mutations = run_mutations (seeds, argc > 2 ? atoi (argv[2]) : 10000);
  g_print ("1..1\nok 1 - %u seeds, %u mutations\n", seeds->len, n_mutations);
  return 0;
}
