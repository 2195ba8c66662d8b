/* What managed devices are made of: objects and their rules, recordings, profiles. */
#include "app/hosts/managed-profile.h"
#include "app/hosts/recorded-device.h"

#include "wiretalk-config.h"

#include <string.h>

/* --- recordings -------------------------------------------------------------------------------------------------- */

typedef struct {
  const char *text;
  const char *name, *shown; /* what one of its variables is then */
  const char *said;         /* (nullable) the error instead */
} Row;

#define WALK ".1.3.6.1.2.1.1.5.0 = STRING: \"gate\"\n"

static const Row rows[] = {
  { WALK, "sysName.0", "gate" },
  { ".1.3.6.1.2.1.1.5.0 = STRING: gate\r\n", "sysName.0", "gate" },
  { ".1.3.6.1.2.1.1.5.0 = STRING: \"two\nlines\"\n" WALK ".1.3.6.1.2.1.1.7.0 = INTEGER: 72\n", "sysServices.0", "72" },
  { ".1.3.6.1.2.1.1.1.0 = STRING: \"two\nlines\"\n", "sysDescr.0", "two\nlines" },
  { ".1.3.6.1.2.1.1.1.0 = STRING: \"a \\\"b\\\" \\\\c\"\n", "sysDescr.0", "a \"b\" \\c" },
  { ".1.3.6.1.2.1.1.4.0 = \"\"\n", "sysContact.0", "" },
  { ".1.3.6.1.2.1.1.3.0 = 6203\n", "sysUpTime.0", "(6203) 0 d 00:01:02.03" },
  { ".1.3.6.1.2.1.1.3.0 = Timeticks: (6203) 0:01:02.03\n", "sysUpTime.0", "(6203) 0 d 00:01:02.03" },
  { ".1.3.6.1.2.1.1.2.0 = OID: .1.3.6.1.6.3.1.1.5.3\n", "sysObjectID.0", "IF-MIB::linkDown" },
  { ".1.3.6.1.2.1.2.2.1.8.1 = INTEGER: 2\n", "ifOperStatus.1", "down(2)" },
  { ".1.3.6.1.2.1.2.2.1.8.1 = INTEGER: down(2)\n", "ifOperStatus.1", "down(2)" },
  { ".1.3.6.1.2.1.2.2.1.6.1 = Hex-STRING: 02 00 0A 00 01 19 \n", "ifPhysAddress.1", "02:00:0a:00:01:19" },
  { ".1.3.6.1.2.1.2.2.1.10.1 = Counter32: 4294967295\n", "ifInOctets.1", "4294967295" },
  { ".1.3.6.1.2.1.31.1.1.1.6.1 = Counter64: 18446744073709551615\n", "ifHCInOctets.1", "18446744073709551615" },
  { ".1.3.6.1.2.1.2.2.1.5.1 = Gauge32: 10\n", "ifSpeed.1", "10 bits per second" },
  { ".1.3.6.1.2.1.4.20.1.1.10.0.0.1 = IpAddress: 10.0.0.1\n", "ipAdEntAddr.10.0.0.1", "10.0.0.1" },
  { ".1.3.6.1.2.1.1.9.0 = No Such Object available on this agent at this OID\n" WALK, "sysName.0", "gate" },
  { ".1.3.6.1.2.1.1.7.0 = Wrong Type (should be INTEGER): Gauge32: 72\n", "sysServices.0", "72" },
  { "1.3.6.1.2.1.1.5.0|4|gate\n", "sysName.0", "gate" },
  { "1.3.6.1.2.1.1.5.0|4|a|b\n", "sysName.0", "a|b" },
  { "1.3.6.1.2.1.1.5.0|4x|67617465\n", "sysName.0", "gate" },
  { "1.3.6.1.2.1.1.3.0|67|6203\n1.3.6.1.2.1.1.2.0|6|1.3.6.1.6.3.1.1.5.3\n", "sysObjectID.0", "IF-MIB::linkDown" },
  { "1.3.6.1.2.1.4.20.1.1.10.0.0.1|64|10.0.0.1", "ipAdEntAddr.10.0.0.1", "10.0.0.1" },
  { "1.3.6.1.2.1.4.20.1.1.10.0.0.1|64x|0a000001", "ipAdEntAddr.10.0.0.1", "10.0.0.1" },
  { "1.3.6.1.2.1.1.5.0|4|first\n1.3.6.1.2.1.1.1.0|4|x\n1.3.6.1.2.1.1.5.0|4|last\n", "sysName.0", "last" },
  { "", .said = "walk: holds no variable; *" },
  { "\n# nothing\n", .said = "walk: holds no variable; *" },
  { "sysName.0 = STRING: gate\n", .said = "walk:1: *not in numbers*" },
  { "hello\n", .said = "walk:1: “hello” is no line of snmpwalk; *" },
  { WALK "\n.1.3.6.1.2.1.1.7.0 = INTEGER: many\n", .said = "walk:3: *not of its type*" },
  { WALK ".1.3.6.1.2.1.1.1.0 = STRING: \"never\nended\n", .said = "walk:2: *not of its type*" },
  { ".1.3.6.1.2.1.1.1.0 = STRING: \"two\nlines\"\n.1.3.6.1.2.1.1.7.0 = Colour: red\n",
    .said = "walk:3: *of none that SNMP has*" },
  { "1.3.6.1.2.1.1.5.0|4x|676\n", .said = "walk:1: *does not fit its tag*" },
  { "1.3.6.1.2.1.1.5.0|65|-1\n", .said = "walk:1: *does not fit its tag*" },
  { "1.3.6.1.2.1.1.5.0|3|x\n", .said = "walk:1: *none of 2, 4*" },
  { "1.3.6.1.2.1.1.5.0|67:numeric|rate=1\n", .said = "walk:1: *variation module*" },
  { "1.3.6.1.2.1.1.5.0|4|gate\n1.3.x|4|gate\n", .said = "walk:2: *no line of a .snmprec file*" },
};

static void
test_recordings (void)
{
  const WtMib *mib = wt_mib_default ();
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (WtManagedObjects) objects = wt_managed_objects_new (mib, NULL, NULL);
      g_autoptr (GError) error = NULL;
      WtSnmpValue value;
      WtOid name;
      g_test_message ("%s", rows[i].text);
      gboolean right = wt_recording_parse ("walk", rows[i].text, strlen (rows[i].text), objects, &error);
      if (rows[i].said)
        {
          g_assert_false (right);
          g_assert_true (g_pattern_match_simple (rows[i].said, error->message));
          continue;
        }
      g_assert_no_error (error);
      g_assert_true (wt_mib_parse (mib, rows[i].name, &name, NULL));
      g_assert_true (wt_managed_objects_value (objects, &name, &value));
      g_autofree char *shown = wt_mib_value_to_string (mib, &name, &value);
      g_assert_cmpstr (shown, ==, rows[i].shown);
    }
}

/* --- profiles ---------------------------------------------------------------------------------------------------- */

static const struct {
  const char *text, *said; /* said NULL: right */
} profiles[] = {
  { "[profile]\ntitle=X\n[objects]\nsysName.0=x\nhrProcessorLoad.1={wave 3 64 240}\n", NULL },
  { "[objects]\nsysName.0=x\n[other]\n", "p: [other]: unknown group*" },
  { "[objects]\nsysNam.0=x\n", "p: [objects] sysNam.0: *sysName*" },
  { "[objects]\nifOperStatus.1=sideways\n", "p: [objects] ifOperStatus.1: *up(1)*" },
  { "[objects]\nsysName.0={wave 1 2 3}\n", "*no way to move*" },
  { "[objects]\nhrProcessorLoad.1={wave 1 2}\n", "*no way to move*" },
  { "[objects]\nhrProcessorLoad.1={wave 1 2 0}\n", "*no way to move*" },
  { "[objects]\nhrProcessorLoad.1={dance 1 2 3}\n", "*no way to move*" },
  { "sysName.0=x\n", "p: *" },
};

static void
test_profiles (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (profiles); i++)
    {
      g_autoptr (GError) error = NULL;
      g_test_message ("%s", profiles[i].text);
      g_autoptr (WtManagedProfile) profile =
          wt_managed_profile_parse ("p", profiles[i].text, strlen (profiles[i].text), &error);
      g_assert_cmpint (profile != NULL, ==, profiles[i].said == NULL);
      if (profiles[i].said)
        g_assert_true (g_pattern_match_simple (profiles[i].said, error->message));
    }
}

static void
test_shipped_profiles (void)
{
  static const char *const kinds[] = { "router", "switch", "server", "printer", "ups", "sensor" };
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (WtManagedProfile) profile = wt_managed_profile_load (kinds[i], &error);
      g_assert_no_error (error);
    }
}

static void
test_motions (void)
{
  static const struct {
    const char *object, *motion;
    double seconds;
    gint64 number;
  } moves[] = {
    { "hrProcessorLoad.1", "{wave 10 30 100}", 0, 10 },
    { "hrProcessorLoad.1", "{wave 10 30 100}", 50, 30 },
    { "hrProcessorLoad.1", "{wave 10 30 100}", 100, 10 },
    { "prtInputCurrentLevel.1.1", "{ramp 100 0 50}", 25, 50 },
    { "prtInputCurrentLevel.1.1", "{ramp 100 0 50}", 500, 0 },
    { "prtMarkerLifeCount.1.1", "{count 5 0.5}", 10, 10 },
    { "prtMarkerLifeCount.1.1", "{count 4294967295 1}", 2, 1 }, /* wraps */
    { "hrSystemNumUsers.0", "{ramp 0 -5 10}", 10, 0 },          /* a gauge is never below 0 */
  };
  for (guint i = 0; i < G_N_ELEMENTS (moves); i++)
    {
      g_autofree char *text = g_strdup_printf ("[objects]\n%s=%s\n", moves[i].object, moves[i].motion);
      g_autoptr (WtManagedProfile) profile = wt_managed_profile_parse ("p", text, strlen (text), NULL);
      WtOid name;
      g_assert_true (wt_mib_parse (wt_mib_default (), moves[i].object, &name, NULL));
      WtSnmpValue value = { .tag = wt_mib_by_oid (wt_mib_default (), &name)->tag };
      g_test_message ("%s after %g s", moves[i].motion, moves[i].seconds);
      wt_managed_profile_move (profile, 0, moves[i].seconds, 0, &value);
      g_assert_cmpint (value.tag == WT_BER_INTEGER ? value.integer : (gint64) value.number, ==, moves[i].number);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_setenv ("WIRETALK_DATA", WT_SOURCE_DIR, TRUE);
  g_setenv ("XDG_DATA_HOME", "/nonexistent", TRUE);
  g_test_add_func ("/managed/recordings", test_recordings);
  g_test_add_func ("/managed/profiles", test_profiles);
  g_test_add_func ("/managed/shipped-profiles", test_shipped_profiles);
  g_test_add_func ("/managed/motions", test_motions);
  return g_test_run ();
}
