// ns-3's UDP echo (its example first.cc) with the figures of bench-sim's: two hosts, 5 Mbit/s, 2 ms, 1024 bytes every 2 ms,
// nothing traced. Prints events and packets per second of processor time.
#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"

#include <cstdio>
#include <ctime>

using namespace ns3;

static const uint32_t n_echoes = 400000;
static uint64_t n_packets;

static void
CountPacket (Ptr<const Packet>)
{
  n_packets++;
}

static double
CpuSeconds ()
{
  timespec now;
  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

int
main ()
{
  NodeContainer nodes;
  nodes.Create (2);
  PointToPointHelper link;
  link.SetDeviceAttribute ("DataRate", StringValue ("5Mbps"));
  link.SetChannelAttribute ("Delay", StringValue ("2ms"));
  NetDeviceContainer devices = link.Install (nodes);
  InternetStackHelper stack;
  stack.Install (nodes);
  Ipv4AddressHelper addresses;
  addresses.SetBase ("10.1.1.0", "255.255.255.0");
  Ipv4InterfaceContainer interfaces = addresses.Assign (devices);
  UdpEchoServerHelper server (9);
  server.Install (nodes.Get (1)).Start (Seconds (0));
  UdpEchoClientHelper client (interfaces.GetAddress (1), 9);
  client.SetAttribute ("MaxPackets", UintegerValue (n_echoes));
  client.SetAttribute ("Interval", TimeValue (MilliSeconds (2)));
  client.SetAttribute ("PacketSize", UintegerValue (1024));
  client.Install (nodes.Get (0)).Start (Seconds (1));
  Config::ConnectWithoutContext ("/NodeList/*/DeviceList/*/$ns3::PointToPointNetDevice/PhyRxEnd",
                                 MakeCallback (&CountPacket));
  double start = CpuSeconds ();
  Simulator::Stop (Seconds (1 + n_echoes * 0.002 + 10));
  Simulator::Run ();
  double seconds = CpuSeconds () - start;
  uint64_t n_events = Simulator::GetEventCount ();
  std::printf ("%-28s %6.2f s  %10.0f events/s  %10.0f packets/s\n", "ns-3: UDP echo, two hosts", seconds,
               n_events / seconds, n_packets / seconds);
  Simulator::Destroy ();
  return 0;
}
