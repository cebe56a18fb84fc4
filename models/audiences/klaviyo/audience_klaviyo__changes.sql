{{ audience_changes(
    contacts='audience_klaviyo__contacts',
    key='external_id',
    cleared={'crm_segments': "'[]'"},
) }}
