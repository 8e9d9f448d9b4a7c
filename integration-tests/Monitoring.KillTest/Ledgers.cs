using System.Globalization;

namespace Monitoring.KillTest;

/// <summary>Reads what the workers have written down, as it grows. Used by one thread.</summary>
internal sealed class Ledgers(string directory, int tasks)
{
    private readonly Dictionary<string, long> _read = [];
    private readonly int[] _done = new int[tasks];

    public int Done { get; private set; }

    public int Executions { get; private set; }

    public int Starts { get; private set; }

    /// <summary>Reads on; only whole lines count.</summary>
    public void Read()
    {
        foreach (var path in Directory.GetFiles(directory, "*.ledger"))
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            file.Position = _read.GetValueOrDefault(path);
            using var reader = new StreamReader(file);
            var text = reader.ReadToEnd();
            var whole = text.LastIndexOf('\n') + 1;
            _read[path] = _read.GetValueOrDefault(path) + whole;
            foreach (var line in text[..whole].Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                Count(line);
            }
        }
    }

    private void Count(string line)
    {
        if (line[0] == '+')
        {
            Starts++;
            return;
        }

        Executions++;
        if (_done[int.Parse(line.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture)]++ == 0)
        {
            Done++;
        }
    }
}
