using System.Text;

namespace Monitoring.SystemResources;

/// <summary>Names of devices as strings, made once each; beyond 256 they are made anew each time. For one thread at a time.</summary>
internal sealed class Names
{
    private const int Capacity = 256;

    private readonly List<(byte[] Bytes, string Text)> _known = [];

    public string Get(ReadOnlySpan<byte> name)
    {
        foreach (var (bytes, known) in _known)
        {
            if (name.SequenceEqual(bytes))
            {
                return known;
            }
        }

        var text = Encoding.UTF8.GetString(name);
        if (_known.Count < Capacity)
        {
            _known.Add((name.ToArray(), text));
        }

        return text;
    }
}
