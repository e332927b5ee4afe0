
import django.contrib.postgres.fields
import django.core.serializers.json
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


# The log is evidence: what is written stays as it was written, whoever asks.
APPEND_ONLY = """
CREATE FUNCTION accounts_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Lines of % are added, never changed or deleted.', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON accounts_auditrecord
    FOR EACH ROW EXECUTE FUNCTION accounts_refuse_change();
"""
CHANGEABLE = """
DROP TRIGGER audit_append_only ON accounts_auditrecord;
DROP FUNCTION accounts_refuse_change();
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail address')),
                ('display_name', models.CharField(max_length=60, verbose_name='display name')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('public_role', models.CharField(blank=True, choices=[('student', 'Student'), ('parent', 'Parent'), ('teacher', 'Teacher'), ('worker', 'Worker'), ('employer', 'Employer'), ('other', 'Other')], max_length=8, verbose_name='role')),
                ('privacy_version', models.CharField(blank=True, max_length=20, verbose_name='privacy notice')),
                ('privacy_agreed_at', models.DateTimeField(blank=True, null=True, verbose_name='agreed')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed')),
                ('is_moderator', models.BooleanField(default=False, verbose_name='moderator')),
                ('is_staff', models.BooleanField(default=False, verbose_name='administrator')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('is_demonstration', models.BooleanField(default=False, verbose_name='demonstration')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='joined')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'account',
                'verbose_name_plural': 'accounts',
            },
        ),
        migrations.CreateModel(
            name='AuditRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='recorded')),
                ('act', models.CharField(choices=[('sign_in', 'Signed in'), ('password_changed', 'Password changed'), ('address_changed', 'E-mail address changed'), ('factor_added', 'Second factor added'), ('factor_removed', 'Second factor removed'), ('login_connected', 'Sign-in service connected'), ('login_disconnected', 'Sign-in service disconnected'), ('role_given', 'Role given'), ('role_taken', 'Role taken away'), ('organisation_applied', 'Organisation applied for'), ('organisation_completed', 'Application completed'), ('organisation_asked', 'More asked of an applicant'), ('organisation_verified', 'Organisation verified'), ('organisation_refused', 'Organisation refused'), ('organisation_withdrawn', 'Verification withdrawn'), ('name_proposed', 'New name proposed'), ('name_accepted', 'New name accepted'), ('name_refused', 'New name refused'), ('evidence_opened', 'Evidence opened'), ('member_invited', 'Member invited'), ('invitation_cancelled', 'Invitation cancelled'), ('member_joined', 'Member joined'), ('member_left', 'Member left'), ('member_removed', 'Member removed'), ('member_role_changed', "Member's role changed"), ('mandate_proposed', 'Mandate proposed'), ('mandate_accepted', 'Mandate accepted'), ('mandate_refused', 'Mandate refused'), ('mandate_withdrawn', 'Mandate withdrawn'), ('data_downloaded', 'Own data downloaded'), ('account_closed', 'Account closed'), ('exported', 'Data exported'), ('disclosed', 'Restricted data disclosed'), ('draft_imported', 'Draft imported'), ('report_published', 'Report published'), ('report_taken_back', 'Report taken back'), ('schedule_changed', 'Schedule of reports changed'), ('themes_changed', 'Themes changed'), ('voice_expected', 'Put on the list of those expected'), ('voices_imported', 'List of those expected imported'), ('voice_changed', 'Entry of those expected changed'), ('voice_removed', 'Taken off the list of those expected'), ('voice_restored', 'Put back on the list of those expected'), ('voice_reminded', 'Reminded to speak')], max_length=24, verbose_name='act')),
                ('object_kind', models.CharField(blank=True, max_length=40, verbose_name='kind of object')),
                ('object_key', models.CharField(blank=True, max_length=60, verbose_name='object')),
                ('details', models.JSONField(blank=True, default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='details')),
                ('address', models.GenericIPAddressField(blank=True, null=True, verbose_name='network address')),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='audit_records', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'audit record',
                'verbose_name_plural': 'audit log',
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('member', 'Member'), ('representative', 'Representative')], default='member', max_length=14, verbose_name='role')),
                ('joined_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='joined')),
                ('left_at', models.DateTimeField(blank=True, null=True, verbose_name='left')),
                ('removed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'membership',
                'verbose_name_plural': 'memberships',
            },
        ),
        migrations.CreateModel(
            name='Mandate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('evidence', models.TextField(verbose_name='evidence')),
                ('framework_codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), blank=True, default=list, size=None, verbose_name='scope')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='until')),
                ('state', models.CharField(choices=[('proposed', 'Under review'), ('accepted', 'Accepted'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], default='proposed', max_length=9, verbose_name='state')),
                ('proposed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='proposed')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mandates', to='accounts.membership')),
            ],
            options={
                'verbose_name': 'mandate',
                'verbose_name_plural': 'mandates',
            },
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('proposed_name', models.CharField(blank=True, max_length=120, verbose_name='proposed name')),
                ('group', models.CharField(choices=[('school', 'School'), ('association', 'Industry association'), ('enterprise', 'Enterprise'), ('training', 'Training institution'), ('ngo', 'NGO'), ('government', 'Government body')], max_length=12, verbose_name='stakeholder group')),
                ('school_level', models.CharField(blank=True, choices=[('junior', 'Junior high school'), ('technical', 'Technical senior high school'), ('comprehensive', 'Comprehensive senior high school'), ('college', 'Junior college'), ('university', 'Institute or university of technology'), ('other', 'Other school')], max_length=13, verbose_name='school level')),
                ('sector', models.CharField(blank=True, choices=[('A', 'Agriculture, forestry, fishing and animal husbandry'), ('B', 'Mining and quarrying'), ('C', 'Manufacturing'), ('D', 'Electricity and gas supply'), ('E', 'Water supply and remediation'), ('F', 'Construction'), ('G', 'Wholesale and retail trade'), ('H', 'Transport and storage'), ('I', 'Accommodation and food services'), ('J', 'Publishing, media and information services'), ('K', 'Finance and insurance'), ('L', 'Real estate'), ('M', 'Professional, scientific and technical services'), ('N', 'Support services'), ('O', 'Public administration and defence'), ('P', 'Education'), ('Q', 'Health care and social work'), ('R', 'Arts, entertainment and recreation'), ('S', 'Other services')], max_length=1, verbose_name='sector')),
                ('county', models.CharField(blank=True, choices=[('TPE', 'Taipei City'), ('NWT', 'New Taipei City'), ('TAO', 'Taoyuan City'), ('TXG', 'Taichung City'), ('TNN', 'Tainan City'), ('KHH', 'Kaohsiung City'), ('KEE', 'Keelung City'), ('HSZ', 'Hsinchu City'), ('CYI', 'Chiayi City'), ('HSQ', 'Hsinchu County'), ('MIA', 'Miaoli County'), ('CHA', 'Changhua County'), ('NAN', 'Nantou County'), ('YUN', 'Yunlin County'), ('CYQ', 'Chiayi County'), ('PIF', 'Pingtung County'), ('ILA', 'Yilan County'), ('HUA', 'Hualien County'), ('TTT', 'Taitung County'), ('PEN', 'Penghu County'), ('KIN', 'Kinmen County'), ('LIE', 'Lienchiang County')], max_length=3, verbose_name='county or city')),
                ('business_number', models.CharField(blank=True, max_length=8, verbose_name='unified business number')),
                ('email_domain', models.CharField(blank=True, max_length=253, verbose_name='e-mail domain')),
                ('state', models.CharField(choices=[('applied', 'Under review'), ('incomplete', 'More is asked for'), ('verified', 'Verified'), ('refused', 'Refused'), ('withdrawn', 'Verification withdrawn')], default='applied', max_length=10, verbose_name='state')),
                ('applied_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='applied')),
                ('language', models.CharField(blank=True, max_length=10, verbose_name='language')),
                ('verified_at', models.DateTimeField(blank=True, null=True, verbose_name='verified')),
                ('verified_until', models.DateField(blank=True, null=True, verbose_name='verified until')),
                ('is_demonstration', models.BooleanField(default=False, verbose_name='demonstration')),
                ('applied_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='organisations_applied_for', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'organisation',
                'verbose_name_plural': 'organisations',
            },
        ),
        migrations.AddField(
            model_name='membership',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='accounts.organisation'),
        ),
        migrations.CreateModel(
            name='JoinRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('asked', 'Asked'), ('accepted', 'Accepted'), ('refused', 'Refused'), ('taken_back', 'Taken back')], default='asked', max_length=10, verbose_name='state')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='join_requests', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='join_requests', to='accounts.organisation')),
            ],
            options={
                'verbose_name': 'request to join',
                'verbose_name_plural': 'requests to join',
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail address')),
                ('token_sha256', models.CharField(editable=False, max_length=64, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='sent')),
                ('expires_at', models.DateTimeField(verbose_name='expires')),
                ('mailed_at', models.DateTimeField(blank=True, null=True, verbose_name='mailed')),
                ('accepted_at', models.DateTimeField(blank=True, null=True, verbose_name='accepted')),
                ('cancelled_at', models.DateTimeField(blank=True, null=True, verbose_name='cancelled')),
                ('accepted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('invited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations_sent', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='accounts.organisation')),
            ],
            options={
                'verbose_name': 'invitation',
                'verbose_name_plural': 'invitations',
            },
        ),
        migrations.CreateModel(
            name='EvidenceFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('stored_name', models.CharField(editable=False, max_length=100, unique=True)),
                ('shown_name', models.CharField(max_length=150, verbose_name='file name')),
                ('kind', models.CharField(max_length=4, verbose_name='kind')),
                ('size', models.PositiveIntegerField(verbose_name='size in bytes')),
                ('sha256', models.CharField(editable=False, max_length=64)),
                ('uploaded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='uploaded')),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence_files', to=settings.AUTH_USER_MODEL)),
                ('mandate', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='evidence_files', to='accounts.mandate')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence_files', to='accounts.organisation')),
            ],
            options={
                'verbose_name': 'evidence file',
                'verbose_name_plural': 'evidence files',
                'ordering': [models.OrderBy(models.F('uploaded_at')), 'pk'],
            },
        ),
        migrations.CreateModel(
            name='OrganisationRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(choices=[('apply', 'Applied'), ('complete', 'Completed'), ('ask_more', 'More asked for'), ('verify', 'Verified'), ('refuse', 'Refused'), ('withdraw', 'Verification withdrawn'), ('propose_name', 'New name proposed'), ('accept_name', 'New name accepted'), ('refuse_name', 'New name refused')], max_length=12, verbose_name='act')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='name')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='recorded')),
                ('told_at', models.DateTimeField(blank=True, null=True, verbose_name='told')),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='records', to='accounts.organisation')),
            ],
            options={
                'verbose_name': 'organisation record',
                'verbose_name_plural': 'organisation records',
            },
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='user_email_unique', violation_error_message='An account with this e-mail address exists already.'),
        ),
        migrations.AddIndex(
            model_name='auditrecord',
            index=models.Index(fields=['-recorded_at', '-id'], name='audit_newest_first'),
        ),
        migrations.AddIndex(
            model_name='auditrecord',
            index=models.Index(fields=['actor', '-recorded_at'], name='audit_of_an_actor'),
        ),
        migrations.AddIndex(
            model_name='auditrecord',
            index=models.Index(fields=['object_kind', 'object_key'], name='audit_of_an_object'),
        ),
        migrations.AddConstraint(
            model_name='mandate',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='mandate_ends_after_start', violation_error_message="A mandate can't end before it starts."),
        ),
        migrations.AddConstraint(
            model_name='mandate',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'proposed'), ('decided_at__isnull', False), _connector='OR'), name='mandate_decided_at_a_time'),
        ),
        migrations.AddIndex(
            model_name='organisation',
            index=models.Index(fields=['state', 'applied_at'], name='organisation_queue'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.UniqueConstraint(condition=models.Q(('verified_at__isnull', False)), fields=('group', 'name'), name='organisation_name_unique_in_group', violation_error_message='An organisation of this name exists in this group.'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['verified', 'withdrawn']), _negated=True), ('verified_at__isnull', False), _connector='OR'), name='organisation_verified_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(('group', 'school'), ('school_level', ''), _connector='OR'), name='organisation_level_of_schools_only', violation_error_message='Only a school has a school level.'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(condition=models.Q(('left_at__isnull', True)), fields=('user', 'organisation'), name='membership_once', violation_error_message='This person is a member already.'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('removed_by__isnull', True), ('left_at__isnull', False), _connector='OR'), name='membership_removed_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='joinrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('organisation', 'user'), name='join_request_once', violation_error_message='You have asked to join already.'),
        ),
        migrations.AddConstraint(
            model_name='joinrequest',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'asked'), ('decided_at__isnull', False), _connector='OR'), name='join_request_decided_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(('accepted_at__isnull', True), ('cancelled_at__isnull', True), _connector='OR'), name='invitation_accepted_or_cancelled'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('accepted_at__isnull', True), ('accepted_by__isnull', True)), models.Q(('accepted_at__isnull', False), ('accepted_by__isnull', False)), _connector='OR'), name='invitation_accepted_by_someone'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.UniqueConstraint(condition=models.Q(('accepted_at__isnull', True), ('cancelled_at__isnull', True)), fields=('organisation', 'email'), name='invitation_once', violation_error_message='This address has been invited already.'),
        ),
        migrations.AddIndex(
            model_name='organisationrecord',
            index=models.Index(fields=['organisation', 'recorded_at'], name='organisation_progress'),
        ),
        migrations.AddIndex(
            model_name='organisationrecord',
            index=models.Index(condition=models.Q(('told_at__isnull', True)), fields=['recorded_at'], name='organisation_untold'),
        ),
        migrations.CreateModel(
            name='CachedInDatabase',
            fields=[
                ('cache_key', models.CharField(max_length=255, primary_key=True, serialize=False)),
                ('value', models.TextField()),
                ('expires', models.DateTimeField(db_index=True)),
            ],
            options={
                'verbose_name': 'cached value',
                'verbose_name_plural': 'cached values',
            },
        ),
        migrations.CreateModel(
            name='RateCount',
            fields=[
                ('key', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('count', models.PositiveIntegerField(verbose_name='count')),
                ('ends_at', models.DateTimeField(verbose_name='counted until')),
            ],
            options={
                'verbose_name': 'count',
                'verbose_name_plural': 'counts',
                'indexes': [models.Index(fields=['ends_at'], name='rate_count_over')],
            },
        ),
        migrations.RunSQL(APPEND_ONLY, CHANGEABLE),
    ]
