namespace Monitoring.IntegrationTests;

/// <summary>Tests that starve the process or read its state, and therefore run while no other test does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
