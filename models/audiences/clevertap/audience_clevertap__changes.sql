{{ audience_changes(
    contacts='audience_clevertap__contacts',
    key='identity',
    cleared={'crm_segments': "'[]'"},
) }}
