/* Any bytes as a recording of a device, as a profile, and as the name and value of a managed object: each fault has its
 * words, and what was read can be walked to its end. */
#include "app/hosts/managed-profile.h"
#include "app/hosts/recorded-device.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes);

static void
check_recording (const char *data, gsize length)
{
  g_autoptr (WtManagedObjects) objects = wt_managed_objects_new (wt_mib_default (), NULL, NULL);
  g_autoptr (GError) error = NULL;
  if (!wt_recording_parse ("fuzz", data, length, objects, &error))
    g_assert_true (error != NULL && g_utf8_validate (error->message, -1, NULL));
  else
    g_assert_cmpuint (wt_managed_objects_length (objects), <=, length);
}

static void
check_profile (const char *data, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WtManagedProfile) profile = wt_managed_profile_parse ("fuzz", data, length, &error);
  g_assert_true ((profile == NULL) == (error != NULL));
}

static void
check_name (const char *text)
{
  const WtMib *mib = wt_mib_default ();
  g_autoptr (GByteArray) buffer = g_byte_array_new ();
  WtSnmpValue value;
  WtOid oid;
  if (!wt_mib_parse (mib, text, &oid, NULL))
    return;
  g_autofree char *name = wt_mib_oid_to_string (mib, &oid);
  g_auto (GStrv) index = wt_mib_index_to_strings (mib, &oid);
  WtOid again;
  g_assert_true (wt_mib_parse (mib, name, &again, NULL) && wt_oid_compare (&oid, &again) == 0);
  if (wt_mib_value_parse (mib, &oid, text, &value, buffer, NULL))
    g_free (wt_mib_value_to_string (mib, &oid, &value));
}

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize n_bytes)
{
  g_autofree char *text = g_utf8_make_valid ((const char *) bytes, n_bytes);
  g_autofree char *line = g_strndup (text, strcspn (text, " |=\n"));
  check_recording ((const char *) bytes, n_bytes);
  check_profile (text, strlen (text));
  check_name (line);
  return 0;
}
