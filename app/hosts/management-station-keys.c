/* What a scenario may say of a management station, and what a person can do at one. */
#include "app/hosts/management-station-private.h"

#include <glib/gi18n.h>

const WtKey wt_management_station_keys[] = {
  { "poll", WT_KEY_ENDPOINTS, FALSE, NULL,
    N_ ("The devices that it polls; in live mode an address that no host here has is a real device: 192.0.2.7:161") },
  { "objects", WT_KEY_OBJECTS, FALSE, "sysUpTime",
    N_ ("What it asks for: an instance (ifInOctets.2) or scalar is got, a column or table walked") },
  { "interval", WT_KEY_TIME, FALSE, "10s", N_ ("Time from poll to poll; 0: it polls once") },
  { "begin", WT_KEY_TIME, FALSE, "1s", N_ ("Time until the first poll") },
  { "version", WT_KEY_SNMP_VERSION, FALSE, "2c", N_ ("SNMP version: 1, 2c or 3") },
  { "community", WT_KEY_STRING, FALSE, "public", N_ ("Community of versions 1 and 2c") },
  { "user", WT_KEY_SNMP_USERS, FALSE, NULL,
    N_ ("User of version 3: name, name:SHA-256:password or name:SHA-256:password:AES:password; further ones are taken "
        "in traps") },
  { "timeout", WT_KEY_TIME, FALSE, "1s", N_ ("Wait for an answer before it asks again") },
  { "retries", WT_KEY_NUMBER, FALSE, "3", N_ ("How often it asks again") },
  { "alarms", WT_KEY_ALARMS, FALSE, NULL,
    N_ ("When it raises an alarm: ifOperStatus != up;warning: ifInOctets > 100000 until 80000 (counters: a second)") },
  { "poll-on-trap", WT_KEY_BOOLEAN, FALSE, "false", N_ ("A device that sends a trap is polled at once") },
  { NULL },
};

#define ASKING                                                                                                         \
  { "target", WT_KEY_ENDPOINT, TRUE, NULL, N_ ("The device that is asked") },                                          \
      { "version", WT_KEY_SNMP_VERSION, FALSE, NULL, N_ ("Another SNMP version than the station's") },                 \
      { "community", WT_KEY_STRING, FALSE, NULL, N_ ("Another community than the station's") },                        \
      { "user", WT_KEY_SNMP_USERS, FALSE, NULL,                                                                        \
        N_ ("Another user than the station's first: the name of one that it has, or name:SHA-256:password") },         \
  {                                                                                                                    \
    "level", WT_KEY_SNMP_LEVEL, FALSE, NULL,                                                                           \
        N_ ("Security level of version 3: noAuthNoPriv, authNoPriv or authPriv; the user's highest when not given")    \
  }

static const WtKey get_keys[] = {
  ASKING,
  { "objects", WT_KEY_OBJECTS, TRUE, NULL, N_ ("The instances that are asked for") },
  { NULL },
};

static const WtKey bulk_keys[] = {
  ASKING,
  { "objects", WT_KEY_OBJECTS, TRUE, NULL, N_ ("The objects behind which the answer begins") },
  { "non-repeaters", WT_KEY_NUMBER, FALSE, "0", N_ ("How many of the objects are asked for once only") },
  { "max-repetitions", WT_KEY_NUMBER, FALSE, "10", N_ ("How often the others are asked for") },
  { NULL },
};

static const WtKey walk_keys[] = {
  ASKING,
  { "objects", WT_KEY_OBJECTS, TRUE, NULL, N_ ("The subtrees that are walked, one after the other") },
  { "bulk", WT_KEY_BOOLEAN, FALSE, "true", N_ ("With GetBulk, where the version has it") },
  { NULL },
};

static const WtKey table_keys[] = {
  ASKING,
  { "objects", WT_KEY_OBJECTS, TRUE, NULL, N_ ("The tables, or something in them: ifTable") },
  { NULL },
};

static const WtKey poll_keys[] = {
  ASKING,
  { NULL },
};

static const WtKey set_keys[] = {
  ASKING,
  { "values", WT_KEY_ASSIGNMENTS, TRUE, NULL, N_ ("What is set: sysName.0=gate;ifAdminStatus.2=down") },
  { NULL },
};

const WtActionClass wt_management_station_actions[] = {
  { "snmp-get", get_keys, N_ ("Ask for values") },
  { "snmp-next", get_keys, N_ ("Ask for the values that follow") },
  { "snmp-bulk", bulk_keys, N_ ("Ask for many values that follow") },
  { "snmp-walk", walk_keys, N_ ("Ask for all values of a subtree") },
  { "snmp-table", table_keys, N_ ("Ask for a whole table, row by row") },
  { "snmp-set", set_keys, N_ ("Change values") },
  { "poll-device", poll_keys, N_ ("Poll one more device from now on") },
  { NULL },
};
