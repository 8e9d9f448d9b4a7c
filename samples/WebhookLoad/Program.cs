using WebhookLoad;

// Called by eng/demo, which checks the arguments: URL RATE SECONDS (0: until Ctrl-C) EXPECT-OUTAGE.
var service = new Uri(args[0]);
var rate = int.Parse(args[1], null);
var seconds = int.Parse(args[2], null);
var expectOutage = args[3] == "outage";

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
using var terminated = System.Runtime.InteropServices.PosixSignalRegistration.Create(
    System.Runtime.InteropServices.PosixSignal.SIGTERM, _ => stop.Cancel());
if (seconds > 0)
{
    stop.CancelAfter(TimeSpan.FromSeconds(seconds));
}

using var api = new MonitoringApi(service, Environment.GetEnvironmentVariable("Monitoring__Api__AdminKey")!);
using var sender = new WebhookSender(service, Environment.GetEnvironmentVariable("GitHub__Secret")!);
var before = await api.GetProcessedAsync();
var watch = new ConditionWatch(api, sender);
var watching = watch.RunAsync(stop.Token);
await sender.RunAsync(rate, stop.Token);
await watching;

return await Verdict.ReachAsync(api, sender, watch, before, expectOutage) ? 0 : 1;
