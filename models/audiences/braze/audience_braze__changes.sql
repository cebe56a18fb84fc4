{{ audience_changes(
    contacts='audience_braze__contacts',
    key='external_id',
    cleared={'crm_is_member': 'false', 'crm_segments': "'[]'"},
    attributes=braze_attributes(),
) }}
