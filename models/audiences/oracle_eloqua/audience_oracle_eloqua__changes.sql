{{ audience_changes(
    contacts='audience_oracle_eloqua__contacts',
    key='c_crm_contact_id1',
    cleared={'c_segments1': "''"},
) }}
