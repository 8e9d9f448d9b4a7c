using Monitoring.Simulation;

// eng/simulate is the command; this is what it runs.
if (args is not ["backpressure", .. var rest] || rest is not ([] or ["--write", _]))
{
    Console.Error.WriteLine("usage: backpressure [--write PAGE]");
    return 2;
}

var tables = BackpressureReport.Of(BackpressureStudy.Run());
if (rest is [_, var path])
{
    var page = await File.ReadAllTextAsync(path);
    if (MarkedText.Find(page) is not { } marked)
    {
        Console.Error.WriteLine($"{path} has no lines '{MarkedText.Begin}' and '{MarkedText.End}'.");
        return 2;
    }

    await File.WriteAllTextAsync(path, page.Replace(MarkedText.Begin + marked, MarkedText.Begin + tables, StringComparison.Ordinal));
}

Console.Write(tables);
return 0;
