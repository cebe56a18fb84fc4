with

consents as (

    select * from {{ ref('crm_segmentation', 'contact_consents') }}

),

permissions as (

    select
        contact_id,
        max(case when channel = 'email' and is_granted then 1 else 0 end) = 1 as may_email,
        max(case when channel = 'sms' and is_granted then 1 else 0 end) = 1 as may_sms,
        max(case when channel = 'push' and is_granted then 1 else 0 end) = 1 as may_push

    from consents

    group by contact_id

)

select * from permissions
