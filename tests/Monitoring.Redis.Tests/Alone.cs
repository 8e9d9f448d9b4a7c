namespace Monitoring.Redis.Tests;

/// <summary>
/// Tests that listen to the process's source of spans, or measure what a call allocates while nobody does. They run while
/// no other test does.
/// </summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
