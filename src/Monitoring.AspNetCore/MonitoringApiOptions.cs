using Microsoft.AspNetCore.Authorization;
using Monitoring.Validation;

namespace Monitoring.AspNetCore;

/// <summary>
/// Who may use the HTTP API, and how often (section <c>Monitoring:Api</c>). Read once, when <c>MapMonitoring</c> is called.
/// Without any setting, requests that come straight from this machine may read and nobody may change anything.
/// </summary>
public sealed class MonitoringApiOptions
{
    /// <summary>The section that these options are bound to.</summary>
    public const string Section = "Monitoring:Api";

    internal const int MinimumKeyLength = 16;
    internal const int MaximumKeyLength = 512;
    private const int HighestLimit = 1_000_000;
    private const int MostLiveConnections = 10_000;

    /// <summary>
    /// Key that may read, sent as <c>X-Api-Key</c> or as <c>Authorization: Bearer</c>. 16 to 512 visible ASCII
    /// characters; default none. As soon as any key is set, this machine needs one too.
    /// </summary>
    public string? ReaderKey { get; set; }

    /// <summary>Key that may read and change, sent like <see cref="ReaderKey"/> and different from it. 16 to 512 visible ASCII characters; default none.</summary>
    public string? AdminKey { get; set; }

    /// <summary>Name of the host's authorization policy that decides who may read, in place of <see cref="ReaderKey"/>; default none.</summary>
    public string? ReaderPolicy { get; set; }

    /// <summary>Name of the host's authorization policy that decides who may change, in place of <see cref="AdminKey"/>; default none.</summary>
    public string? AdminPolicy { get; set; }

    /// <summary>
    /// How often a caller may read within a minute: a key, or else a user of the host, or else an address. 0 (no limit) to
    /// 1,000,000; default 600, which is a scrape and nine other requests a second.
    /// </summary>
    public int ReadsPerMinute { get; set; } = 600;

    /// <summary>How often a caller may change something within a minute. 0 (no limit) to 1,000,000; default 60.</summary>
    public int ChangesPerMinute { get; set; } = 60;

    /// <summary>How many wrong keys may come from an address within a minute before no key is looked at that comes from there. 0 (no limit) to 1,000,000; default 20.</summary>
    public int FailedKeysPerMinute { get; set; } = 20;

    /// <summary>How many pages may be fed through a WebSocket at the same time; those beyond ask for each snapshot instead. 0 (none) to 10,000; default 100.</summary>
    public int LiveConnections { get; set; } = 100;

    internal void Validate(OptionsErrors errors, bool hostAuthorizes)
    {
        ValidateKey(errors, nameof(ReaderKey), ReaderKey);
        ValidateKey(errors, nameof(AdminKey), AdminKey);
        errors.Require(AdminKey is null || AdminKey != ReaderKey, nameof(AdminKey), Described(AdminKey), "a key different from ReaderKey");
        errors.Range(nameof(ReadsPerMinute), ReadsPerMinute, 0, HighestLimit);
        errors.Range(nameof(ChangesPerMinute), ChangesPerMinute, 0, HighestLimit);
        errors.Range(nameof(FailedKeysPerMinute), FailedKeysPerMinute, 0, HighestLimit);
        errors.Range(nameof(LiveConnections), LiveConnections, 0, MostLiveConnections);
        ValidatePolicy(errors, nameof(ReaderPolicy), ReaderPolicy, ReaderKey, hostAuthorizes);
        ValidatePolicy(errors, nameof(AdminPolicy), AdminPolicy, AdminKey, hostAuthorizes);
    }

    // A message ends up in logs and on screens, so it describes a key and never shows it.
    private static void ValidateKey(OptionsErrors errors, string name, string? key) =>
        errors.Require(
            key is null || (key.Length is >= MinimumKeyLength and <= MaximumKeyLength && key.All(static c => c is > ' ' and <= '~')),
            name,
            Described(key),
            $"{MinimumKeyLength} to {MaximumKeyLength} visible ASCII characters, or nothing");

    private static void ValidatePolicy(OptionsErrors errors, string name, string? policy, string? key, bool hostAuthorizes)
    {
        errors.Require(policy is null || policy.Trim().Length > 0, name, policy, "the name of an authorization policy, or nothing");
        errors.Require(policy is null || key is null, name, policy, "nothing while the key it replaces is set");
        errors.Require(policy is null || hostAuthorizes, name, policy, $"a policy only in a host that registers {nameof(IAuthorizationService)}: call services.AddAuthorization(…)");
    }

    private static string? Described(string? key) => key is null ? null : $"({key.Length} characters)";
}
