{{ audience_changes(
    contacts='audience_salesforce__contacts',
    key='crm_contact_id__c',
    cleared={'segments__c': "''"},
) }}
