{{ audience_changes(
    contacts='audience_dynamics_365__contacts',
    key='new_crmcontactid',
    cleared={'new_segments': "''"},
) }}
