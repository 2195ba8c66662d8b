/* Managed devices in the simulated network: what they tell follows what happens there, what is set acts. */
#include "app/scenario/simulation.h"
#include "app/trace/event-fields.h"

#include "wiretalk-config.h"

#include <string.h>

#define NETWORK \
  "[scenario]\ntitle=T\nduration=60s\n" \
  "[host station]\ntype=management-station\naddress=10.0.0.2\nretries=0\n" \
  "[host gate]\ntype=router\naddress=10.0.0.1\nsnmp=public;private\nsnmp-writers=private;anna\n" \
  "snmp-users=anna:SHA-256:wiretalk123:AES:wiretalk123\n" \
  "[host server]\ntype=managed-device\naddress=10.0.0.3\nsnmp-traps=station\nsnmp-writers=public\n" \
  "[host mx]\ntype=mail-server\naddress=10.0.0.25\ndomains=example.org\nusers=bob:x;carol:x\nsnmp=public;private\n" \
  "snmp-writers=private\n" \
  "[host pc]\ntype=mail-client\naddress=10.0.0.9\nmailbox=alice@example.org\nserver=mx\nsnmp=public\n" \
  "[link station -- gate]\nbandwidth=10Mbit/s\n[link gate -- server]\n[link gate -- mx]\n[link gate -- pc]\n"

/* A dialogue that is still open at 3s, and its end. */
#define TALK "[at 2s pc]\naction=talk\nline=EHLO pc\n"
#define QUIT "[at 4s pc]\naction=talk\nline=QUIT\n"
#define ASK(time, action, rest) "[at " time " station]\naction=snmp-" action "\n" rest "\n"

/* Its second supply fills by itself from 90 on. */
#define PRINTER "[host printer]\ntype=managed-device\nprofile=printer\naddress=10.0.0.7\nsnmp-writers=public\n[link printer -- gate]\n"
#define SUPPLY "prtMarkerSuppliesLevel.1.2"

static const struct {
  const char *name, *text;
  const char *seen, *unseen; /* patterns of lines; (nullable) */
} rows[] = {
  { "cold start", "", "*trap from server: SNMPv2-MIB::coldStart*" },
  { "up time", ASK ("5s", "get", "target=gate\nobjects=sysUpTime.0"), "*sysUpTime.0 is now TimeTicks: (500) *" },
  { "name", ASK ("1s", "get", "target=gate\nobjects=sysName.0"), "*sysName.0 is now OCTET STRING: gate" },
  { "profile", ASK ("1s", "get", "target=gate\nobjects=sysDescr.0"), "*Wiretalk router*" },
  { "forwarding", ASK ("1s", "get", "target=gate\nobjects=ipForwarding.0"), "*ipForwarding.0 is now INTEGER: forwarding(1)" },
  { "not forwarding", ASK ("1s", "get", "target=server\nobjects=ipForwarding.0"), "*notForwarding(2)" },
  { "interfaces", ASK ("1s", "get", "target=gate\nobjects=ifNumber.0"), "*ifNumber.0 is now INTEGER: 4" },
  { "interface", ASK ("1s", "get", "target=gate\nobjects=ifDescr.2"), "*ifDescr.2 is now OCTET STRING: Ethernet to server" },
  { "speed", ASK ("1s", "get", "target=gate\nobjects=ifSpeed.1"), "*ifSpeed.1 is now Gauge32: 10000000 *" },
  { "packets", ASK ("1s", "get", "target=gate\nobjects=ifInUcastPkts.1") ASK ("2s", "get", "target=gate\nobjects=ifInUcastPkts.1"),
    "*ifInUcastPkts.1 is now Counter32: 2" },
  { "64 bits", ASK ("1s", "get", "target=gate\nobjects=ifHCInUcastPkts.1"), "*ifHCInUcastPkts.1 is now Counter64: 1" },
  { "datagrams", ASK ("1s", "get", "target=gate\nobjects=udpInDatagrams.0"), "*udpInDatagrams.0 is now Counter32: 1" },
  { "forwarded", ASK ("1s", "get", "target=gate\nobjects=ipForwDatagrams.0"), "*ipForwDatagrams.0 is now Counter32: 1" },
  { "cut", "[at 5s gate -- pc]\naction=link-down\n" ASK ("6s", "get", "target=gate\nobjects=ifOperStatus.4;ifAdminStatus.4"),
    "*ifOperStatus.4 is now INTEGER: down(2)" },
  { "cut, wanted up", "[at 5s gate -- pc]\naction=link-down\n" ASK ("6s", "get", "target=gate\nobjects=ifAdminStatus.4"),
    "*ifAdminStatus.4 is now INTEGER: up(1)" },
  { "cut, last change", "[at 5s gate -- pc]\naction=link-down\n" ASK ("6s", "get", "target=gate\nobjects=ifLastChange.4"),
    "*ifLastChange.4 is now TimeTicks: (500) *" },
  { "mended", "[at 5s gate -- server]\naction=link-down\n[at 6s gate -- server]\naction=link-up\n", "*trap from server: IF-MIB::linkUp*" },
  { "set down", ASK ("5s", "set", "target=gate\ncommunity=private\nvalues=ifAdminStatus.2=down"), "*link gate -- server down*" },
  { "set up again",
    ASK ("5s", "set", "target=gate\ncommunity=private\nvalues=ifAdminStatus.2=down")
    "[at 6s station #2]\naction=snmp-set\ntarget=gate\ncommunity=private\nvalues=ifAdminStatus.2=up\n", "*link gate -- server up*" },
  { "set all or nothing", ASK ("5s", "set", "target=gate\ncommunity=private\nvalues=ifAdminStatus.2=down;sysServices.0=3"),
    "*gate answers notWritable*", "*link gate -- server down*" },
  { "set what moves", PRINTER ASK ("5s", "set", "target=printer\nvalues=" SUPPLY "=5")
    ASK ("50s", "get", "target=printer\nobjects=" SUPPLY), "*" SUPPLY " is now INTEGER: 5", "*" SUPPLY " is now INTEGER: 9*" },
  { "set what moves, in vain", PRINTER ASK ("5s", "set", "target=printer\nvalues=" SUPPLY "=5;sysServices.0=3")
    ASK ("50s", "get", "target=printer\nobjects=" SUPPLY), "*" SUPPLY " is now INTEGER: 94", "*" SUPPLY " is now*5" },
  { "rename", ASK ("5s", "set", "target=gate\ncommunity=private\nvalues=sysName.0=other"), "*· gate *sysName.0 is now other*" },
  { "read only", ASK ("5s", "set", "target=gate\nvalues=sysName.0=other"), "*gate answers *", "*sysName.0 is now other*" },
  { "mails taken", "[at 2s pc]\naction=send-mail\nto=bob@example.org;carol@example.org\n"
    ASK ("30s", "get", "target=mx\nobjects=mtaReceivedRecipients.1"), "*mtaReceivedRecipients.1 is now Counter32: 2" },
  { "sessions taken", "[at 2s pc]\naction=send-mail\nto=bob@example.org\n"
    ASK ("30s", "get", "target=mx\nobjects=applAccumulatedInboundAssociations.1"), "*Associations.1 is now Counter32: 1" },
  { "opened by others", "[at 2s pc]\naction=send-mail\nto=bob@example.org\n" ASK ("30s", "get", "target=mx\nobjects=tcpPassiveOpens.0"),
    "*tcpPassiveOpens.0 is now Counter32: 1" },
  { "changed by hand", "[at 2s server]\naction=device-set\nobjects=sysLocation.0=cellar\n"
    ASK ("3s", "get", "target=server\nobjects=sysLocation.0"), "*sysLocation.0 is now OCTET STRING: cellar" },
  { "changed by hand beside a mail server", "[at 2s mx]\naction=device-set\nobjects=sysLocation.0=cellar\n"
    ASK ("3s", "get", "target=mx\nobjects=sysLocation.0"), "*sysLocation.0 is now OCTET STRING: cellar" },
  { "changed by hand at a router", "[at 2s gate]\naction=device-set\nobjects=ifAdminStatus.2=down\n",
    "*link gate -- server down*" },
  { "trap by hand of a mail server",
    "[at 2s mx]\naction=device-trap\ntrap=coldStart\n", NULL, "*was not possible*" },
  { "listens", ASK ("1s", "get", "target=mx\nobjects=tcpConnState.10.0.0.25.25.0.0.0.0.0"),
    "*tcpConnState.10.0.0.25.25.0.0.0.0.0 is now INTEGER: listen(2)" },
  { "listens, newer", ASK ("1s", "get", "target=mx\nobjects=tcpListenerProcess.1.4.10.0.0.25.25"),
    "*tcpListenerProcess.1.4.10.0.0.25.25 is now Gauge32: 0" },
  { "connected", TALK ASK ("3s", "walk", "target=mx\nobjects=tcpConnState"),
    "*tcpConnState.10.0.0.25.25.10.0.0.9.* is now INTEGER: established(5)" },
  { "connected, newer", TALK ASK ("3s", "walk", "target=mx\nobjects=tcpConnectionTable"),
    "*tcpConnectionState.1.4.10.0.0.25.25.1.4.10.0.0.9.* is now INTEGER: established(5)" },
  { "how many", TALK ASK ("3s", "get", "target=mx\nobjects=tcpCurrEstab.0"), "*tcpCurrEstab.0 is now Gauge32: 1" },
  { "not any more", TALK QUIT ASK ("5s", "walk", "target=mx\nobjects=tcpConnectionTable"), NULL, "*established(5)" },
  { "who closes first waits", TALK QUIT ASK ("5s", "walk", "target=mx\nobjects=tcpConnState"),
    "*tcpConnState.10.0.0.25.25.10.0.0.9.* is now INTEGER: timeWait(11)" },
  { "a port of UDP", ASK ("1s", "get", "target=gate\nobjects=udpEndpointProcess.1.4.10.0.0.1.161.0.0.0.1"),
    "*udpEndpointProcess.1.4.10.0.0.1.161.0.0.0.1 is now Gauge32: 0" },
  { "a port of UDP, older", ASK ("1s", "get", "target=gate\nobjects=udpLocalPort.10.0.0.1.161"),
    "*udpLocalPort.10.0.0.1.161 is now INTEGER: 161" },
  { "a port that nobody has", ASK ("1s", "get", "target=gate\nobjects=udpLocalPort.10.0.0.1.162"), "*noSuchInstance*" },
  { "a whole walk goes past them", TALK ASK ("3s", "walk", "target=mx\nobjects=1.3.6.1.2.1.6"),
    "*tcpListenerProcess.1.4.10.0.0.25.25 is now*" },
  { "nothing is out of order", TALK ASK ("3s", "walk", "target=mx\nobjects=1.3.6.1"), "*snmpEngineBoots.0 is now*",
    "*not increasing*" },
  { "a connection that is none is not cut",
    ASK ("3s", "set", "target=gate\ncommunity=private\nvalues=tcpConnState.10.0.0.1.1.0.0.0.0.0=deleteTCB"), "*gate answers noCreation*" },
  { "trap by hand", "[at 2s server]\naction=device-trap\ntrap=upsTrapOnBattery\nobjects=upsSecondsOnBattery.0=1\n",
    "*trap from server: UPS-MIB::upsTrapOnBattery: upsSecondsOnBattery.0 = 1*" },
  { "started again", "[at 2s server]\naction=host-down\n[at 5s server]\naction=host-up\n"
    ASK ("7s", "get", "target=server\nobjects=sysUpTime.0"), "*sysUpTime.0 is now TimeTicks: (200) *" },
  { "boots", "[at 2s server]\naction=host-down\n[at 5s server]\naction=host-up\n"
    ASK ("7s", "get", "target=server\nobjects=snmpEngineBoots.0"), "*snmpEngineBoots.0 is now INTEGER: 2" },
  { "no such instance", ASK ("1s", "get", "target=gate\nobjects=ifDescr.9"), "*noSuchInstance*" },
};

static gboolean
has_line (WtTrace *trace, const char *pattern)
{
  for (guint32 i = 0; i < wt_trace_length (trace); i++)
    {
      const WtEvent *event = wt_trace_event (trace, i);
      if (event->kind == WT_EVENT_PACKET)
        continue;
      g_autofree char *summary = wt_event_summary (trace, i);
      g_autofree char *line = g_strdup_printf ("· %s  %s", event->from ? wt_trace_entity (trace, event->from)->name : "", summary);
      if (g_pattern_match_simple (pattern, line))
        return TRUE;
    }
  return FALSE;
}

static void
test_row (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strconcat (NETWORK, rows[i].text, NULL);
  g_autoptr (WtScenario) scenario = wt_scenario_load_data ("test", text, strlen (text), NULL, &error);
  g_assert_no_error (error);
  g_autoptr (WtSimulation) simulation = wt_simulation_new (scenario, 1, &error);
  g_assert_no_error (error);
  wt_simulation_run (simulation, G_MAXINT64);
  WtTrace *trace = wt_simulation_trace (simulation);
  if (rows[i].seen && !has_line (trace, rows[i].seen))
    {
      g_test_message ("there is no line like %s", rows[i].seen);
      g_test_fail ();
    }
  if (rows[i].unseen && has_line (trace, rows[i].unseen))
    {
      g_test_message ("there is a line like %s", rows[i].unseen);
      g_test_fail ();
    }
}

static WtSimulation *
play (const char *text, WtScenario **scenario)
{
  g_autoptr (GError) error = NULL;
  *scenario = wt_scenario_load_data ("test", text, strlen (text), NULL, &error);
  g_assert_no_error (error);
  WtSimulation *simulation = wt_simulation_new (*scenario, 1, &error);
  g_assert_no_error (error);
  wt_simulation_run (simulation, G_MAXINT64);
  return simulation;
}

/* deleteTCB: the session that a manager cuts is over at both ends, and another one is taken. Its port is what it was in a run
 * without the cut. */
static void
test_cut (void)
{
  g_autoptr (WtScenario) scenario = NULL, again = NULL;
  g_autoptr (WtSimulation) first = play (NETWORK TALK, &scenario);
  WtTrace *trace = wt_simulation_trace (first);
  guint16 port = 0;
  for (guint32 id = 1; id <= wt_trace_n_entities (trace); id++)
    {
      const WtEntity *entity = wt_trace_entity (trace, id);
      if (entity->kind == WT_ENTITY_CONVERSATION && entity->server_address.port == 25)
        port = entity->client_address.port;
    }
  g_autofree char *cut = g_strdup_printf (NETWORK TALK ASK ("3s", "set", "target=mx\ncommunity=private\n"
                                                                         "values=tcpConnState.10.0.0.25.25.10.0.0.9.%u=deleteTCB")
                                          "[at 5s pc]\naction=send-mail\nto=bob@example.org\n", port);
  g_autoptr (WtSimulation) second = play (cut, &again);
  trace = wt_simulation_trace (second);
  g_assert_true (has_line (trace, "*mx has answered: tcpConnState*= deleteTCB(12)*"));
  g_assert_true (has_line (trace, "*reset*"));
  g_assert_true (has_line (trace, "*mail 1 *delivered*"));
}

/* Every byte that crossed the link, and no other: the sum of the packets in the trace. */
static void
test_octets (void)
{
  static const char text[] = NETWORK ASK ("1s", "walk", "target=gate\nobjects=ifDescr")
      "[at 2s station #2]\naction=snmp-get\ntarget=gate\nobjects=ifInOctets.1\n";
  g_autoptr (WtScenario) scenario = wt_scenario_load_data ("test", text, sizeof text - 1, NULL, NULL);
  g_autoptr (WtSimulation) simulation = wt_simulation_new (scenario, 1, NULL);
  wt_simulation_run (simulation, G_MAXINT64);
  WtTrace *trace = wt_simulation_trace (simulation);
  guint32 gate = wt_trace_find_entity (trace, WT_ENTITY_NODE, 0, "gate"), station = wt_trace_find_entity (trace, WT_ENTITY_NODE, 0, "station");
  guint octets = 0;
  for (guint32 i = 0; i < wt_trace_length (trace); i++)
    {
      const WtEvent *event = wt_trace_event (trace, i);
      if (event->kind == WT_EVENT_PACKET && event->from == station && event->to == gate)
        octets += 14 + 20 + 8 + event->payload_len + 4; /* Ethernet, IPv4, UDP, FCS */
    }
  g_autofree char *line = g_strdup_printf ("*ifInOctets.1 is now Counter32: %u", octets);
  g_assert_cmpuint (octets, >, 0);
  g_assert_true (has_line (trace, line));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_setenv ("WIRETALK_DATA", WT_SOURCE_DIR, TRUE);
  g_setenv ("XDG_DATA_HOME", "/nonexistent", TRUE);
  g_test_add_func ("/managed/session-cut", test_cut);
  g_test_add_func ("/managed/octets", test_octets);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/managed/%s", rows[i].name);
      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_row);
    }
  return g_test_run ();
}
