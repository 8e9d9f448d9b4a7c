namespace Monitoring.Core.Tests;

/// <summary>Tests that measure the whole process, such as its memory, and therefore run while no other test does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
