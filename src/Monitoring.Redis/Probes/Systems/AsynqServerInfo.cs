using System.Text;

namespace Monitoring.Redis.Probes.Systems;

/// <summary>
/// Reads message <c>ServerInfo</c> of internal/proto/asynq.proto as far as it is needed: 4 concurrency, 5 queues (a map from
/// name to weight), 9 tasks being run. The encoding is that of protocol buffers, version 3.
/// </summary>
internal static class AsynqServerInfo
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Delimited = 2;
    private const int Fixed32 = 5;

    /// <exception cref="FormatException">That is no message.</exception>
    public static WorkerProcess Read(ReadOnlySpan<byte> message)
    {
        var queues = new List<string>();
        long concurrency = 0, active = 0;
        while (!message.IsEmpty)
        {
            var (field, number, bytes) = ReadField(ref message);
            switch (field)
            {
                case 4:
                    concurrency = (long)number;
                    break;
                case 5:
                    queues.Add(ReadKey(bytes));
                    break;
                case 9:
                    active = (long)number;
                    break;
            }
        }

        return new WorkerProcess(queues, concurrency, active);
    }

    private static string ReadKey(ReadOnlySpan<byte> entry)
    {
        while (!entry.IsEmpty)
        {
            var (field, _, bytes) = ReadField(ref entry);
            if (field == 1)
            {
                return Encoding.UTF8.GetString(bytes);
            }
        }

        return "";
    }

    private static Field ReadField(ref ReadOnlySpan<byte> message)
    {
        var tag = ReadVarint(ref message);
        var field = (int)(tag >> 3);
        switch ((int)(tag & 7))
        {
            case Varint:
                return new Field(field, ReadVarint(ref message), []);
            case Fixed64:
                return new Field(field, 0, Take(ref message, 8));
            case Delimited:
                return new Field(field, 0, Take(ref message, ReadVarint(ref message)));
            case Fixed32:
                return new Field(field, 0, Take(ref message, 4));
            default:
                throw new FormatException($"A protocol buffer has no field of type {tag & 7}.");
        }
    }

    private static ulong ReadVarint(ref ReadOnlySpan<byte> message)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Take(ref message, 1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new FormatException("A number of a protocol buffer does not end.");
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> message, ulong count)
    {
        if (count > (ulong)message.Length)
        {
            throw new FormatException("A protocol buffer ends too early.");
        }

        var taken = message[..(int)count];
        message = message[(int)count..];
        return taken;
    }

    private readonly ref struct Field(int id, ulong number, ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;

        public void Deconstruct(out int field, out ulong value, out ReadOnlySpan<byte> content)
        {
            field = id;
            value = number;
            content = _bytes;
        }
    }
}
