namespace WebhookService;

/// <summary>What the service cannot start without, and PostgreSQL, which it can.</summary>
internal sealed record ServiceSettings(string Redis, string GitHubSecret, string TwilioAuthToken, string? PostgreSql)
{
    // A webhook's sender waits ten seconds at most, so a stalled Redis has to be noticed well before.
    private const string RedisDefaults = "abortConnect=false,connectTimeout=1000,asyncTimeout=1000,syncTimeout=1000";

    /// <summary>Reads the settings, or says in one line which are missing and how to give them.</summary>
    public static ServiceSettings? Read(IConfiguration configuration, out string? missing)
    {
        string[] keys = ["ConnectionStrings:Redis", "GitHub:Secret", "Twilio:AuthToken"];
        var absent = keys.Where(key => string.IsNullOrWhiteSpace(configuration[key])).ToList();
        missing = absent.Count == 0
            ? null
            : $"Not set: {string.Join(", ", absent)}. Give each as an argument (--{absent[0]}=…) or in the environment ({absent[0].Replace(":", "__", StringComparison.Ordinal)}=…).";
        return missing is null
            ? new ServiceSettings($"{RedisDefaults},{configuration[keys[0]]}", configuration[keys[1]]!, configuration[keys[2]]!, configuration.GetConnectionString("PostgreSql"))
            : null;
    }
}
