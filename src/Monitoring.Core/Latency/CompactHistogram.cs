using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Monitoring.Latency;

/// <summary>
/// A histogram in as few bytes as its occupied buckets need; immutable, never the default value. Layout of version 1: the version; minimum and
/// maximum in nanoseconds as variable-length integers; the sum as a little-endian double; then for each occupied bucket,
/// in ascending order, its count less one, doubled, plus one if buckets before it are empty, in which case the number of
/// those less one follows. Two histograms are merged by adding the counts of their buckets.
/// </summary>
internal readonly struct CompactHistogram : ISlice<CompactHistogram>
{
    private const byte Version = 1;
    private const int LongestVarint = 10;
    private const int LongestEncoding = 1 + (2 * LongestVarint) + sizeof(double) + (LatencyBuckets.Count * (LongestVarint + 2));

    private readonly byte[] _data;
    private readonly int _bucketsAt;

    private CompactHistogram(byte[] data)
    {
        _data = data;
        if (data.Length == 0 || data[0] != Version)
        {
            throw new FormatException($"A histogram of version {Version} was expected.");
        }

        var at = 1;
        Minimum = (long)ReadVarint(data, ref at);
        Maximum = (long)ReadVarint(data, ref at);
        Sum = BinaryPrimitives.ReadDoubleLittleEndian(data.AsSpan(at));
        _bucketsAt = at + sizeof(double);
    }

    /// <summary>Number of values.</summary>
    public long Count { get; private init; }

    /// <summary>Sum of the values in nanoseconds.</summary>
    public double Sum { get; }

    /// <summary>Smallest value in nanoseconds.</summary>
    public long Minimum { get; }

    /// <summary>Largest value in nanoseconds.</summary>
    public long Maximum { get; }

    /// <summary>The encoding.</summary>
    public ReadOnlyMemory<byte> Data => _data;

    /// <summary>Encodes a histogram that is not empty.</summary>
    public static CompactHistogram Encode(LatencyHistogram histogram)
    {
        Span<byte> buffer = stackalloc byte[LongestEncoding];
        buffer[0] = Version;
        var length = 1;
        WriteVarint(buffer, ref length, (ulong)histogram.Minimum);
        WriteVarint(buffer, ref length, (ulong)histogram.Maximum);
        BinaryPrimitives.WriteDoubleLittleEndian(buffer[length..], histogram.Sum);
        length += sizeof(double);
        WriteBuckets(buffer, ref length, histogram.Counts);
        return new CompactHistogram(buffer[..length].ToArray()) { Count = histogram.Count };
    }

    /// <summary>Reads an encoding.</summary>
    /// <exception cref="FormatException">It is of another version, or cut short.</exception>
    public static CompactHistogram Decode(ReadOnlySpan<byte> data)
    {
        try
        {
            Span<long> counts = stackalloc long[LatencyBuckets.Count];
            var histogram = new CompactHistogram(data.ToArray());
            return new CompactHistogram(histogram._data) { Count = histogram.AddTo(counts) };
        }
        catch (Exception exception) when (exception is IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            throw new FormatException("The histogram is cut short.", exception);
        }
    }

    /// <inheritdoc/>
    public static CompactHistogram Merge(ReadOnlySpan<Slice<CompactHistogram>> slices)
    {
        if (slices.Length == 1)
        {
            return slices[0].Value;
        }

        var merged = new LatencyHistogram();
        foreach (ref readonly var slice in slices)
        {
            merged.Add(slice.Value);
        }

        return Encode(merged);
    }

    /// <summary>Adds the count of each bucket to <paramref name="counts"/>; returns how many values that are.</summary>
    public long AddTo(Span<long> counts) => Add(counts, 1);

    /// <summary>Takes the count of each bucket off <paramref name="counts"/>.</summary>
    public void SubtractFrom(Span<long> counts) => Add(counts, -1);

    private long Add(Span<long> counts, long sign)
    {
        var data = _data;
        var bucket = 0;
        var total = 0L;
        for (var at = _bucketsAt; at < data.Length;)
        {
            var head = ReadVarint(data, ref at);
            if ((head & 1) != 0)
            {
                bucket += (int)ReadVarint(data, ref at) + 1;
            }

            var count = (long)(head >> 1) + 1;
            counts[bucket++] += sign * count;
            total += count;
        }

        return total;
    }

    private static void WriteBuckets(Span<byte> buffer, ref int length, ReadOnlySpan<long> counts)
    {
        var empty = 0;
        foreach (var count in counts)
        {
            if (count == 0)
            {
                empty++;
                continue;
            }

            WriteVarint(buffer, ref length, ((ulong)(count - 1) << 1) | (empty > 0 ? 1UL : 0));
            if (empty > 0)
            {
                WriteVarint(buffer, ref length, (ulong)(empty - 1));
                empty = 0;
            }
        }
    }

    private static void WriteVarint(Span<byte> buffer, ref int at, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            buffer[at++] = (byte)(value | 0x80);
        }

        buffer[at++] = (byte)value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong ReadVarint(byte[] data, ref int at)
    {
        var first = data[at++];
        return first < 0x80 ? first : ReadLongVarint(data, first, ref at);
    }

    private static ulong ReadLongVarint(byte[] data, byte first, ref int at)
    {
        var value = first & 0x7FUL;
        for (var shift = 7; ; shift += 7)
        {
            var next = data[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
