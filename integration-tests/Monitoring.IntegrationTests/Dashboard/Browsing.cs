namespace Monitoring.IntegrationTests.Dashboard;

/// <summary>
/// Tests of the page in a browser. They share one Chromium and one service under load, and run while no other test does: a
/// browser draws with the processors, and some of them measure.
/// </summary>
[CollectionDefinition(nameof(Browsing), DisableParallelization = true)]
public sealed class Browsing : ICollectionFixture<Browser>, ICollectionFixture<BusySample>;
