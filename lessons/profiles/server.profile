[profile]
title=Server
title[de]=Server

[objects]
sysDescr.0=Wiretalk server, two processors, 8 GiB
sysObjectID.0=1.3.6.1.4.1.32473.1.3
sysServices.0=72
hrSystemNumUsers.0={wave 1 6 1800}
hrSystemProcesses.0={wave 84 132 600}
hrSystemMaxProcesses.0=0
hrMemorySize.0=8388608
hrStorageIndex.1=1
hrStorageType.1=hrStorageRam
hrStorageDescr.1=Physical memory
hrStorageAllocationUnits.1=4096
hrStorageSize.1=2097152
hrStorageUsed.1={wave 702000 1310000 1200}
hrStorageIndex.2=2
hrStorageType.2=hrStorageFixedDisk
hrStorageDescr.2=/
hrStorageAllocationUnits.2=4096
hrStorageSize.2=26214400
hrStorageUsed.2={ramp 18350080 20971520 86400}
hrDeviceIndex.1=1
hrDeviceType.1=hrDeviceProcessor
hrDeviceDescr.1=Processor 1
hrDeviceStatus.1=running
hrDeviceErrors.1=0
hrDeviceIndex.2=2
hrDeviceType.2=hrDeviceProcessor
hrDeviceDescr.2=Processor 2
hrDeviceStatus.2=running
hrDeviceErrors.2=0
hrProcessorFrwID.1=zeroDotZero
hrProcessorLoad.1={wave 3 64 240}
hrProcessorFrwID.2=zeroDotZero
hrProcessorLoad.2={wave 2 41 330}
