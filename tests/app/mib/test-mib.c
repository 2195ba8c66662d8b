/* The modules that come with the program, names, values, and what is said of modules that are wrong. */
#include "app/mib/mib-table.h"

#include "wiretalk-config.h"

#include <glib/gstdio.h>
#include <string.h>

static void
test_shipped (void)
{
  GPtrArray *problems = wt_mib_problems (wt_mib_default ());
  g_assert_cmpuint (problems->len, ==, 0);
}

static const struct {
  const char *text, *oid, *name;
} names[] = {
  { "sysName.0", "1.3.6.1.2.1.1.5.0", "SNMPv2-MIB::sysName.0" },
  { "IF-MIB::ifHCInOctets.3", "1.3.6.1.2.1.31.1.1.1.6.3", "IF-MIB::ifHCInOctets.3" },
  { ".1.3.6.1.2.1.2.2.1.8.2", "1.3.6.1.2.1.2.2.1.8.2", "IF-MIB::ifOperStatus.2" },
  { "interfaces.2.1.2", "1.3.6.1.2.1.2.2.1.2", "IF-MIB::ifDescr" },
  { "linkDown", "1.3.6.1.6.3.1.1.5.3", "IF-MIB::linkDown" },
  { "mtaReceivedMessages.1", "1.3.6.1.2.1.28.1.1.1.1", "MTA-MIB::mtaReceivedMessages.1" },
  { "upsBatteryStatus.0", "1.3.6.1.2.1.33.1.2.1.0", "UPS-MIB::upsBatteryStatus.0" },
  { "prtMarkerSuppliesLevel.1.1", "1.3.6.1.2.1.43.11.1.1.9.1.1", "Printer-MIB::prtMarkerSuppliesLevel.1.1" },
  { "usmStatsWrongDigests.0", "1.3.6.1.6.3.15.1.1.5.0", "SNMP-USER-BASED-SM-MIB::usmStatsWrongDigests.0" },
  { "entPhySensorValue.7", "1.3.6.1.2.1.99.1.1.1.4.7", "ENTITY-SENSOR-MIB::entPhySensorValue.7" },
  { "enterprises.9.1", "1.3.6.1.4.1.9.1", "SNMPv2-SMI::enterprises.9.1" },
};

static void
test_names (void)
{
  const WtMib *mib = wt_mib_default ();
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      WtOid oid;
      g_autoptr (GError) error = NULL;
      g_test_message ("%s", names[i].text);
      wt_mib_parse (mib, names[i].text, &oid, &error);
      g_assert_no_error (error);
      g_autofree char *numbers = wt_oid_to_string (&oid), *name = wt_mib_oid_to_string (mib, &oid);
      g_assert_cmpstr (numbers, ==, names[i].oid);
      g_assert_cmpstr (name, ==, names[i].name);
    }
}

static const struct {
  const char *text, *said;
} wrong_names[] = {
  { "sysname.0", "sysName" }, { "IF-MIB::ifdescr", "ifDescr" },   { "nothing", "sysName.0" }, { "", "sysName.0" },
  { "sysName.x", "“x”" },     { "1.3.4294967296", "4294967295" }, { "1..3", "“”" },
};

static void
test_wrong_names (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (wrong_names); i++)
    {
      WtOid oid;
      g_autoptr (GError) error = NULL;
      g_test_message ("“%s”", wrong_names[i].text);
      g_assert_false (wt_mib_parse (wt_mib_default (), wrong_names[i].text, &oid, &error));
      g_assert_error (error, WT_MIB_ERROR, WT_MIB_ERROR_NAME);
      g_assert_nonnull (strstr (error->message, wrong_names[i].said));
    }
}

static const struct {
  const char *name, *text, *shown; /* shown NULL: refused */
} values[] = {
  { "ifAdminStatus.1", "down", "down(2)" },
  { "ifAdminStatus.1", "up(1)", "up(1)" },
  { "ifAdminStatus.1", "3", "testing(3)" },
  { "ifAdminStatus.1", "sideways", NULL },
  { "ifPhysAddress.1", "02:00:0a:00:01:19", "02:00:0a:00:01:19" },
  { "ifPhysAddress.1", "02:0", NULL },
  { "sysName.0", "router.example.org", "router.example.org" },
  { "ipDefaultTTL.0", "64", "64" },
  { "ipDefaultTTL.0", "256", NULL },
  { "ipDefaultTTL.0", "sixty", NULL },
  { "ipAdEntNetMask.10.0.0.1", "255.255.255.0", "255.255.255.0" },
  { "ipAdEntNetMask.10.0.0.1", "255.255.255", NULL },
  { "tcpConnectionRemAddress.1", "10.0.0.1", "10.0.0.1" },
  { "tcpConnectionRemAddress.1", "fe80::1", "fe80::1" },
  { "tcpConnectionRemAddress.1", "0x0a0001", "Hex: 0A 00 01" },
  { "tcpConnectionRemAddress.1", "10.0.1", NULL },
  { "sysObjectID.0", "linkDown", "IF-MIB::linkDown" },
  { "upsBatteryVoltage.0", "540", "540 0.1 Volt DC" },
  { "hrSystemDate.0", "0x07ea010509000000", "2026-1-5,9:0:0.0" },
  { "ifHCInOctets.1", "18446744073709551615", "18446744073709551615" },
  { "ifInOctets.1", "4294967296", NULL },
  { "interfaces", "1", NULL },
};

static void
test_values (void)
{
  const WtMib *mib = wt_mib_default ();
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      WtOid oid;
      WtSnmpValue value;
      g_autoptr (GByteArray) buffer = g_byte_array_new ();
      g_autoptr (GError) error = NULL;
      g_test_message ("%s = %s", values[i].name, values[i].text);
      g_assert_true (wt_mib_parse (mib, values[i].name, &oid, NULL));
      gboolean right = wt_mib_value_parse (mib, &oid, values[i].text, &value, buffer, &error);
      g_assert_cmpint (right, ==, values[i].shown != NULL);
      if (!right)
        {
          g_assert_error (error, WT_MIB_ERROR, WT_MIB_ERROR_VALUE);
          continue;
        }
      g_autofree char *shown = wt_mib_value_to_string (mib, &oid, &value);
      g_assert_cmpstr (shown, ==, values[i].shown);
    }
}

static void
test_objects (void)
{
  const WtMib *mib = wt_mib_default ();
  const WtMibObject *column = wt_mib_by_name (mib, "ifHCInOctets");
  g_assert_cmpint (column->tag, ==, WT_SNMP_COUNTER64);
  g_assert_cmpint (column->kind, ==, WT_MIB_COLUMN);
  g_assert_cmpint (column->access, ==, WT_MIB_READ_ONLY);
  g_assert_cmpstr (column->parent->name, ==, "ifXEntry");
  g_assert_cmpuint (column->parent->n_index, ==, 1); /* of the row that it augments */
  g_assert_cmpstr (column->parent->index[0]->name, ==, "ifIndex");
  g_assert_cmpint (wt_mib_by_name (mib, "sysName")->access, ==, WT_MIB_READ_WRITE);
  g_assert_cmpint (wt_mib_by_name (mib, "sysUpTime")->tag, ==, WT_SNMP_TIME_TICKS);
  g_assert_cmpint (wt_mib_by_name (mib, "ipAdEntAddr")->tag, ==, WT_SNMP_IP_ADDRESS);
  g_assert_cmpuint (wt_mib_by_name (mib, "linkDown")->n_index, ==, 3);
  WtOid oid;
  g_assert_true (wt_mib_parse (mib, "prtMarkerSuppliesLevel.1.4", &oid, NULL));
  g_auto (GStrv) parts = wt_mib_index_to_strings (mib, &oid);
  g_assert_cmpuint (g_strv_length (parts), ==, 2);
  g_assert_cmpstr (parts[1], ==, "4");
  g_assert_true (wt_mib_parse (mib, "ipAdEntIfIndex.10.0.0.1", &oid, NULL));
  g_auto (GStrv) address = wt_mib_index_to_strings (mib, &oid);
  g_assert_cmpstr (address[0], ==, "10.0.0.1");
  oid.n--;
  g_assert_null (wt_mib_index_to_strings (mib, &oid));
}

/* Instances in any order; rows and columns stand in the MIB's. */
static const struct {
  const char *table;
  const char *values[6][2]; /* instance, value */
  const char *text;         /* heading and rows */
} tables[] = {
  { "ifTable",
    { { "ifOperStatus.2", "down(2)" },
      { "ifDescr.10", "eth9" },
      { "ifDescr.2", "eth1" },
      { "ifIndex.2", "2" },
      { "ifLastChange.2", "(6203) 0 d 00:01:02.03" },
      { "sysName.0", "no cell" } },
    "ifIndex | ifDescr ifOperStatus ifLastChange\n"
    "2 | eth1 down 0 d 00:01:02.03\n"
    "10 | eth9 - -\n" },
  { "ipAddrTable",
    { { "ipAdEntIfIndex.192.0.2.1", "7" }, { "ipAdEntNetMask.10.0.0.1", "255.0.0.0" } },
    "ipAdEntAddr | ipAdEntIfIndex ipAdEntNetMask\n"
    "10.0.0.1 | - 255.0.0.0\n"
    "192.0.2.1 | 7 -\n" },
  { "tcpConnectionTable",
    { { "tcpConnectionState.1.4.10.0.0.1.25.1.4.10.0.0.9.40000", "established(5)" } },
    "tcpConnectionLocalAddressType tcpConnectionLocalAddress tcpConnectionLocalPort tcpConnectionRemAddressType "
    "tcpConnectionRemAddress tcpConnectionRemPort | tcpConnectionState\n"
    "ipv4(1) 10.0.0.1 25 ipv4(1) 10.0.0.9 40000 | established\n" },
  { "prtMarkerSuppliesTable",
    { { "prtMarkerSuppliesLevel.1.2", "98" }, { "prtMarkerSuppliesLevel.1.2", "99" } },
    "hrDeviceIndex prtMarkerSuppliesIndex | prtMarkerSuppliesLevel\n1 2 | 99\n" },
  { "ifXTable", { { "ifName.1.2", "an index that does not fit" } }, "ifIndex | ifName\n1.2 | an index that does not fit\n" },
  { "ifTable", { { "ifMtu.1", "1500 bytes" } }, "ifIndex | ifMtu\n1 | 1500\n" },
};

static char *
table_to_text (const WtMibTable *table)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < wt_mib_table_n_index (table); i++)
    g_string_append_printf (text, "%s ", wt_mib_table_index_name (table, i));
  g_string_append (text, "|");
  for (guint i = 0; i < wt_mib_table_n_columns (table); i++)
    g_string_append_printf (text, " %s", wt_mib_table_column (table, i)->name);
  g_string_append (text, "\n");
  for (guint row = 0; row < wt_mib_table_n_rows (table); row++)
    {
      for (guint i = 0; i < wt_mib_table_n_index (table); i++)
        g_string_append_printf (text, "%s ", wt_mib_table_index (table, row, i));
      g_string_append (text, "|");
      for (guint i = 0; i < wt_mib_table_n_columns (table); i++)
        {
          const char *cell = wt_mib_table_cell (table, row, i);
          g_string_append_printf (text, " %s", cell ? cell : "-");
        }
      g_string_append (text, "\n");
    }
  return g_string_free (text, FALSE);
}

static void
test_tables (void)
{
  const WtMib *mib = wt_mib_default ();
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      const WtMibObject *object = wt_mib_by_name (mib, tables[i].table);
      g_autoptr (WtMibTable) table = wt_mib_table_new (mib, object);
      WtOid oid;
      g_test_message ("%s", tables[i].table);
      for (guint k = 0; k < 6 && tables[i].values[k][0]; k++)
        {
          g_assert_true (wt_mib_parse (mib, tables[i].values[k][0], &oid, NULL));
          g_assert_cmpint (wt_mib_table_add (table, &oid, tables[i].values[k][1], NULL), ==,
                           wt_mib_table_of (mib, &oid) == object);
        }
      g_autofree char *text = table_to_text (table);
      g_assert_cmpstr (text, ==, tables[i].text);
    }
}

static const struct {
  const char *table;
  guint n;
  const char *first;
} table_columns[] = { { "ipAddrTable", 4, "ipAdEntIfIndex" }, { "ifTable", 21, "ifDescr" } };

static void
test_table_columns (void)
{
  const WtMib *mib = wt_mib_default ();
  for (guint i = 0; i < G_N_ELEMENTS (table_columns); i++)
    {
      const WtMibObject *table = wt_mib_by_name (mib, table_columns[i].table);
      g_autoptr (GArray) columns = wt_mib_table_columns (table);
      g_test_message ("%s", table->name);
      g_assert_cmpuint (columns->len, ==, table_columns[i].n);
      g_assert_cmpstr (wt_mib_by_oid (mib, &g_array_index (columns, WtOid, 0))->name, ==, table_columns[i].first);
    }
}

/* A teacher's own module, and three that are wrong. */
static void
test_own_modules (void)
{
  static const struct {
    const char *file, *text, *said;
  } files[] = {
    { "LAB-MIB.txt",
      "LAB-MIB DEFINITIONS ::= BEGIN IMPORTS MODULE-IDENTITY, OBJECT-TYPE, enterprises FROM SNMPv2-SMI DisplayString "
      "FROM "
      "SNMPv2-TC;\nlab MODULE-IDENTITY LAST-UPDATED \"202601010000Z\" ORGANIZATION \"\" CONTACT-INFO \"\" DESCRIPTION "
      "\"\" "
      "REVISION \"202601010000Z\" DESCRIPTION \"\" ::= { enterprises 99999 }\n"
      "labTemperature OBJECT-TYPE SYNTAX INTEGER (-40..85) MAX-ACCESS read-only STATUS current DESCRIPTION \"How "
      "warm\n   it "
      "is.\" ::= { lab 1 }\nEND\n",
      NULL },
    { "BROKEN-MIB", "BROKEN-MIB DEFINITIONS ::= BEGIN\nbroken OBJECT IDENTIFIER ::= { nowhere 1 }\nEND\n",
      "BROKEN-MIB:2: " },
    { "MISSING-MIB", "MISSING-MIB DEFINITIONS ::= BEGIN IMPORTS x FROM NOT-THERE-MIB;\nEND\n", "NOT-THERE-MIB" },
    { "notes.txt", "This is no module at all.\n", "notes.txt:1: " },
  };
  g_autofree char *folder = g_dir_make_tmp ("wiretalk-mibs-XXXXXX", NULL);
  g_autofree char *shipped = g_build_filename (g_getenv ("WIRETALK_DATA"), "lessons", "mibs", NULL);
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (folder, files[i].file, NULL);
      g_assert_true (g_file_set_contents (path, files[i].text, -1, NULL));
    }
  g_autoptr (WtMib) mib = wt_mib_load ((const char *const[]){ shipped, folder, NULL }, problems);
  g_assert_cmpstr (wt_mib_by_name (mib, "labTemperature")->description, ==, "How warm it is.");
  g_assert_nonnull (wt_mib_by_name (mib, "LAB-MIB::labTemperature"));
  g_assert_nonnull (wt_mib_by_name (mib, "ifDescr"));
  for (guint i = 0; i < problems->len; i++)
    g_test_message ("%s", (char *)g_ptr_array_index (problems, i));
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      gboolean said = files[i].said == NULL;
      for (guint j = 0; !said && j < problems->len; j++)
        said = strstr (g_ptr_array_index (problems, j), files[i].said) != NULL;
      g_test_message ("%s", files[i].file);
      g_assert_true (said);
      g_autofree char *path = g_build_filename (folder, files[i].file, NULL);
      g_unlink (path);
    }
  g_rmdir (folder);
}

/* What a dissected field and a line about a message show instead of numbers. */
static void
test_lines (void)
{
  static const WtFieldInfo name_info = { "snmp.name", WT_FIELD_STRING, "Object name" },
                           other_info = { "snmp.community", WT_FIELD_STRING, "Community" };
  static const struct {
    const WtFieldInfo *info;
    const char *value, *name;
  } fields[] = { { &name_info, "1.3.6.1.2.1.1.3.0", "sysUpTime.0" },
                 { &name_info, "1.3.6.1.6.3.1.1.5.3", "linkDown" },
                 { &name_info, "1.3.6.1.2.1.2.2.1.8.12", "ifOperStatus.12" },
                 { &name_info, "9.9.9", NULL },
                 { &name_info, "1.3.x", NULL },
                 { &name_info, NULL, NULL },
                 { &other_info, "1.3.6.1.2.1.1.3.0", NULL } };
  WtSnmpValue up = { .tag = WT_BER_INTEGER, .integer = 2 };
  WtOid status;

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      g_autoptr (WtField) field = wt_field_new (fields[i].info, 0, 0, fields[i].value, -1);
      g_autofree char *name = wt_mib_field_name (field);
      g_assert_cmpstr (name, ==, fields[i].name);
    }
  g_assert_true (wt_oid_parse ("1.3.6.1.2.1.2.2.1.8.12", &status));
  g_autofree char *name = wt_mib_line_names.name (&status), *value = wt_mib_line_names.value (&status, &up);
  g_assert_cmpstr (name, ==, "ifOperStatus.12");
  g_assert_cmpstr (value, ==, "down(2)");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_setenv ("WIRETALK_DATA", WT_SOURCE_DIR, TRUE);
  g_setenv ("XDG_DATA_HOME", "/nonexistent", TRUE);
  g_test_add_func ("/mib/shipped", test_shipped);
  g_test_add_func ("/mib/names", test_names);
  g_test_add_func ("/mib/wrong-names", test_wrong_names);
  g_test_add_func ("/mib/values", test_values);
  g_test_add_func ("/mib/objects", test_objects);
  g_test_add_func ("/mib/tables", test_tables);
  g_test_add_func ("/mib/table-columns", test_table_columns);
  g_test_add_func ("/mib/lines", test_lines);
  g_test_add_func ("/mib/own-modules", test_own_modules);
  return g_test_run ();
}
