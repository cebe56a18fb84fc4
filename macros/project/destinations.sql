{# The destinations of seeds/reference/destinations.csv for whatever reads the audience of each: dbt has to know what a model
   reads before it can read a seed. It is the only such list; a test holds it against the seed, and the proof of erasure and the
   test of all audiences against it. #}
{% macro destination_names() %}
    {{- return([
        'braze', 'clevertap', 'dynamics_365', 'google_customer_match', 'hubspot', 'iterable', 'klaviyo', 'mailchimp', 'meta', 'moengage',
        'onesignal', 'oracle_eloqua', 'oracle_responsys', 'salesforce', 'shopify', 'snap', 'x',
    ]) -}}
{% endmacro %}


{# How the changes of a destination find a member: key, the unique column, and identifiers, the columns that a platform
   finds people by. Nothing is known of them where there is no graph. #}
{% macro audience_key(destination) %}
    {%- set meta = crm_segmentation.model_meta('audience_' ~ destination ~ '__changes') -%}
    {{- return({'key': meta.get('key', 'contact_id'), 'identifiers': meta.get('identifiers', [])}) -}}
{% endmacro %}


{# The column of the changes of a destination that holds our contact: its own, or else the key. #}
{% macro audience_contact_column(destination) %}
    {%- set columns = crm_segmentation.audience_columns('audience_' ~ destination ~ '__changes') -%}
    {{- return('contact_id' if 'contact_id' in columns else crm_segmentation.audience_key(destination).key) -}}
{% endmacro %}
