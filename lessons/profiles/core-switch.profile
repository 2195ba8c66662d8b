[profile]
title=Core switch
title[de]=Core-Switch
description=A switch with an uplink of 10 Gbit/s, interface 49, that carries 8 Gbit/s in and 2 Gbit/s out all the time.

[objects]
sysDescr.0=Wiretalk core switch, 48 ports and an uplink
sysObjectID.0=1.3.6.1.4.1.32473.1.7
sysServices.0=2
ifIndex.49=49
ifDescr.49=Uplink, 10 Gbit/s
ifType.49=ethernetCsmacd
ifMtu.49=1500
ifSpeed.49=4294967295
ifPhysAddress.49=02:00:0a:00:01:49
ifAdminStatus.49=up
ifOperStatus.49=up
ifInOctets.49={count 3900000000 1000000000}
ifOutOctets.49={count 500000000 250000000}
ifName.49=te1/49
ifHCInOctets.49={count 3900000000 1000000000}
ifHCOutOctets.49={count 500000000 250000000}
ifHighSpeed.49=10000
ifAlias.49=to the world
