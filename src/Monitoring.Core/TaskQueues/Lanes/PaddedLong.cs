using System.Runtime.InteropServices;

namespace Monitoring.TaskQueues.Lanes;

/// <summary>A number that shares its cache line with no other: processors fetch lines of 64 bytes in pairs.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct PaddedLong
{
    [FieldOffset(128)]
    public long Value;
}
