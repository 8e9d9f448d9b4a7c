using System.Runtime.CompilerServices;

namespace Monitoring.Redis;

/// <summary>A figure for each of the orders that hot keys are listed in: 0 calls, 1 time in ticks, 2 bytes.</summary>
[InlineArray(Count)]
internal struct PerOrder
{
    public const int Calls = 0;
    public const int Time = 1;
    public const int Bytes = 2;
    public const int Count = 3;

    private double _first;
}
